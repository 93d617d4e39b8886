-- Each refresh is a record: how long, how many rows, whether while it was read.
begin;
\ir ../helpers/cast.psql
select plan(8);

insert into public.usage_metrics (tenant_id, user_id, tokens) values (tests.tenant_id('acme'),
  tests.user_id('acme_member'), 7);
select is((select count(*) from private.monthly_usage_summary where tenant_id = tests.tenant_id('acme')), 0::bigint,
  'P2 the view does not know of the new row');
create temp table run as select * from ops.refresh_materialized_view('monthly_usage_summary');
select is((select tokens from private.monthly_usage_summary where tenant_id = tests.tenant_id('acme')), 7::bigint,
  'P2 refreshed, it does');
select results_eq(
  'select view_name, is_concurrent, row_count, error_code, error from run',
  $$select 'monthly_usage_summary', true, count(*), null::text, null::text from private.monthly_usage_summary$$,
  'P2 the answer says what was done, concurrently'
);
select ok((select duration_ms > 0 and started_at >= now() from run), 'P2 when and how long');
select bag_eq('select * from run',
  $$select * from ops.view_refreshes where view_name = 'monthly_usage_summary' and started_at >= now()$$,
  'P2 and is recorded');
select throws_ok(
  format('select ops.refresh_materialized_view(%L)', name), 'PT404',
  format('There is no materialized view %s.', coalesce(quote_literal(name), 'null')),
  format('P2 no view: %s', coalesce(name, 'null'))
)
from (values ('nothing'), ('reach; drop table private.reach'), (null)) as v (name);

select * from finish();
rollback;
