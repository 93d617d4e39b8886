-- As an owner would, suspended and closed tenants too; until the account is deactivated or the right withdrawn.
begin;
\ir ../helpers/cast.psql
select plan(14);

select is(
  tests.rows_as('platform_admin', format('select from public.%I', relation)),
  tests.rows_as('operator', format('select from public.%I', relation)),
  format('C7 sees all %s', relation)
)
from (values ('tenants'), ('branches'), ('memberships'), ('membership_branches'), ('projects'), ('invitations'),
  ('audit_log')) as v (relation);
select tests.lives_as('platform_admin',
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('initech'), 'New')$$,
  'C7 makes a project in a suspended tenant');
select is(tests.rows_as('platform_admin', $$update public.tenants set name = 'Changed' where slug like 'tests-%'$$), 3,
  'C7 changes every tenant');
select tests.throws_as('platform_admin', $$update public.projects set tenant_id = tests.tenant_id('acme')$$,
  '42501', 'permission denied for table projects', 'S2 and yet moves no row between tenants');
update public.users set is_active = false where id = tests.user_id('platform_admin');
select is(tests.rows_as('platform_admin', 'select from public.tenants'), 0, 'C2 deactivated, they reach nothing');
update public.users set is_active = true where id = tests.user_id('platform_admin');
select is(tests.rows_as('platform_admin', $$select from public.tenants where slug like 'tests-%'$$), 3,
  'C2 activated, all again');
delete from private.platform_admins where user_id = tests.user_id('platform_admin');
select is(tests.rows_as('platform_admin', 'select from public.tenants'), 0,
  'C10 without the right they reach nothing at once');
select tests.throws_as('platform_admin', $$select public.set_user_active(tests.user_id('acme_member'), false)$$,
  '42501', 'This needs a platform administrator.', 'C7 and switch no account');

select * from finish();
rollback;
