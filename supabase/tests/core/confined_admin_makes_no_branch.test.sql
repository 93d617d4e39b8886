-- An admin confined to North changes North, sees no other branch, and makes none.
begin;
\ir ../helpers/cast.psql
select plan(6);

select tests.enter('north_admin');
select tests.join('north_admin', 'acme', 'admin', 'acme_north');
select is(tests.rows_as('north_admin', 'select from public.branches'), 1, 'S5 sees North');
select is(tests.rows_as('north_admin', $$update public.branches set code = 'N'$$), 1, 'S5 changes North');
select is((select count(*) from public.branches where code = 'N'), 1::bigint, 'S5 and no other');
select tests.throws_as('north_admin',
  $$insert into public.branches (tenant_id, name) values (tests.tenant_id('acme'), 'West')$$,
  '42501', 'new row violates row-level security policy for table "branches"', 'S5 makes none');
select is(tests.rows_as('north_admin', $$delete from public.branches where name = 'South'$$), 0, 'S5 deletes no other');
select is((select count(*) from public.branches where id = tests.branch_id('acme_south')), 1::bigint,
  'S5 which is there');

select * from finish();
rollback;
