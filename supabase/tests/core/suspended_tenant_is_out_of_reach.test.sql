-- Suspended and closed tenants: their members reach nothing, the rows are kept, other tenants notice nothing.
begin;
\ir ../helpers/cast.psql
select plan(13);

insert into public.projects (tenant_id, name) values (tests.tenant_id('initech'), 'Kept');
select is(tests.rows_as('operator', $$select from public.projects where name = 'Kept'$$), 1, 'C11 the rows are kept');
select is(tests.rows_as('initech_owner', format('select from public.%I', relation)), 0,
  format('C11 the owner of a suspended tenant sees no %s', relation))
from (values ('tenants'), ('branches'), ('memberships'), ('projects'), ('audit_log'), ('invitations')) as v (relation);
select tests.throws_as('initech_owner',
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('initech'), 'New')$$,
  '42501', 'new row violates row-level security policy for table "projects"', 'C11 and writes nothing');
select is(tests.rows_as('platform_admin', $$select from public.projects where name = 'Kept'$$), 1,
  'C7 a platform administrator sees them');
select is(tests.rows_as('service', $$select from public.projects where name = 'Kept'$$), 1, 'C11 the service role too');
update public.tenants set status = 'closed' where id = tests.tenant_id('globex');
select is(tests.rows_as(who, 'select from public.projects'), seen,
  format('C11 Globex is closed: %s sees %s', who, seen))
from (values ('globex_member', 0), ('both_member', 3), ('acme_member', 3)) as v (who, seen);

select * from finish();
rollback;
