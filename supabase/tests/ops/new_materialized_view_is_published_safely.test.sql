-- private.publish_materialized_view gives a view its tenant-filtered face, and no role the view itself.
begin;
\ir ../helpers/cast.psql
select plan(10);

create materialized view private.sheet_summary as select tenant_id,
  count(*) as projects from public.projects group by tenant_id;
comment on materialized view private.sheet_summary is 'Projects of each tenant.';
grant select on private.sheet_summary to authenticated;
call private.publish_materialized_view('sheet_summary', read => 'manager');

select is((select count(*) from private.sheet_summary
  where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'))), 2::bigint, 'S4 both tenants are in it');
select is(tests.rows_as(who, 'select from public.sheet_summary'), seen, format('S4 %s reads %s', who, seen))
from (values ('acme_manager', 1), ('acme_member', 0), ('globex_owner', 1), ('stranger', 0)) as v (who, seen);
select tests.throws_as('acme_manager', 'select from private.sheet_summary', '42501',
  'permission denied for materialized view sheet_summary',
  'S4 a right that had been given on the view itself is gone');
select tests.throws_as('visitor', 'select from public.sheet_summary', '42501',
  'permission denied for view sheet_summary', 'S2 a visitor may not ask');
select is(obj_description('public.sheet_summary'::regclass, 'pg_class'), 'Projects of each tenant.',
  'X2 the comment is carried over');
select throws_ok($$call private.publish_materialized_view('sheet_summary', read => 'king')$$, '22023',
  'There is no role ''king''.', 'S1 an unknown role');
create materialized view private.homeless as select 1 as one;
select throws_ok($$call private.publish_materialized_view('homeless', read => 'viewer')$$, '42703',
  'column m.tenant_id does not exist',
  'S4 a view without a tenant is not published');

select * from finish();
rollback;
