-- Admins and owners make, change and delete branches.
begin;
\ir ../helpers/cast.psql
select plan(17);

select tests.throws_as(who, $$insert into public.branches (tenant_id, name) values (tests.tenant_id('acme'), 'West')$$,
  '42501', 'new row violates row-level security policy for table "branches"', format('C4 %s makes no branch', who))
from (values ('acme_manager'), ('acme_viewer'), ('acme_customer'), ('acme_north'), ('globex_owner'),
  ('stranger')) as v (who);
select tests.lives_as('acme_admin',
  $$insert into public.branches (tenant_id, name, code) values (tests.tenant_id('acme'), 'West', 'W-1')$$,
  'C4 an admin makes one');
select is(tests.rows_as('acme_manager', $$update public.branches set name = 'Far' where name = 'West'$$), 0,
  'C4 a manager changes none');
select is((select name from public.branches where code = 'W-1'), 'West', 'C4 and it is unchanged');
select is(tests.rows_as('acme_admin',
  $$update public.branches set name = 'Far', is_active = false where name = 'West'$$), 1, 'C4 an admin does');
select is(tests.rows_as('acme_manager', $$delete from public.branches where name = 'Far'$$), 0,
  'C4 a manager deletes none');
select is((select count(*) from public.branches where name = 'Far'), 1::bigint, 'C4 and it is there');
select is(tests.rows_as('acme_admin', $$delete from public.branches where name = 'Far'$$), 1, 'C4 an admin does');
select tests.throws_as('acme_admin', $$delete from public.branches where name = 'North'$$, '23503',
  'update or delete on table "branches" violates foreign key constraint "projects_tenant_id_branch_id_fkey" on table "projects"',
  'C9 a branch that has projects stays');
select tests.throws_as('acme_admin',
  $$insert into public.branches (tenant_id, name) values (tests.tenant_id('acme'), 'North')$$,
  '23505', 'duplicate key value violates unique constraint "branches_tenant_id_name_key"',
  'C4 a name is taken once in a tenant');
select tests.lives_as('globex_owner',
  $$insert into public.branches (tenant_id, name) values (tests.tenant_id('globex'), 'North')$$,
  'S4 and free in another: a key tells nothing about other tenants');
select tests.throws_as('acme_admin',
  $$insert into public.branches (tenant_id, name, code) values (tests.tenant_id('acme'), 'East', 'a b')$$,
  '23514', 'new row for relation "branches" violates check constraint "code_is_letters_digits_and_hyphens"',
  'C4 a code is checked');

select * from finish();
rollback;
