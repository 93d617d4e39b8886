-- What is granted is in force at the next statement, with the same claims.
begin;
\ir ../helpers/cast.psql
select plan(8);

select tests.throws_as('acme_member',
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'New')$$,
  '42501', 'new row violates row-level security policy for table "projects"', 'C10 a member makes no project');
select tests.lives_as('acme_admin',
  $$select public.change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'manager')$$,
  'C10 is made a manager');
select tests.lives_as('acme_member',
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'New')$$,
  'C10 and makes one');
select tests.lives_as('acme_admin',
  $$select public.change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'viewer')$$,
  'C10 is made a viewer');
select is(tests.rows_as('acme_member', $$update public.projects set description = 'x'$$), 0, 'C10 and changes none');
select is(tests.rows_as('initech_owner', 'select from public.tenants'), 0,
  'C11 the owner of a suspended tenant reaches nothing');
select tests.lives_as('platform_admin', $$select public.set_tenant_status(tests.tenant_id('initech'), 'active')$$,
  'C11 it is active again');
select is(tests.rows_as('initech_owner', 'select from public.tenants'), 1, 'C11 and in reach');

select * from finish();
rollback;
