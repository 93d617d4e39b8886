-- A view that fails is recorded with its error; all others are refreshed.
begin;
\ir ../helpers/cast.psql
select plan(8);

create table tests.broken (divisor integer);
insert into tests.broken values (1);
create materialized view private.aaa_broken as select tests.tenant_id('acme') as tenant_id,
  1 / divisor as share from tests.broken;
create materialized view private.zzz_plain as select 1 as one;
update tests.broken set divisor = 0;
insert into public.usage_metrics (tenant_id, user_id, tokens) values (tests.tenant_id('acme'),
  tests.user_id('acme_member'), 7);

create temp table runs as select * from ops.refresh_materialized_views();
select is((select count(*) from runs), (select count(*) from ops.list_materialized_views()),
  'P2 a record for each view');
select results_eq(
  $$select error_code, error, row_count from runs where view_name = 'aaa_broken'$$,
  $$values ('22012', 'division by zero', null::bigint)$$,
  'P2 the failing one with its error'
);
select is((select count(*) from runs where error is not null), 1::bigint, 'P2 no other failed');
select is((select tokens from private.monthly_usage_summary where tenant_id = tests.tenant_id('acme')), 7::bigint,
  'P2 those after it are refreshed');
select results_eq(
  $$select is_concurrent, row_count from runs where view_name = 'zzz_plain'$$, $$values (false, 1::bigint)$$,
  'P2 one without a unique index is refreshed all the same, not concurrently'
);
select is((select share from private.aaa_broken), 1, 'P2 the failing one keeps what it had');
select bag_eq('select * from runs', 'select * from ops.view_refreshes where started_at >= now()',
  'P2 all of it is recorded');
select throws_ok(
  $$insert into ops.view_refreshes (view_name, started_at, duration_ms, is_concurrent, row_count, error) values ('x', now(), 1, true, 1, 'x')$$, '23514',
  'new row for relation "view_refreshes" violates check constraint "has_rows_or_an_error"',
  'P2 a record has rows or an error'
);

select * from finish();
rollback;
