-- A row that decides about reach and is changed in place, as an operator may: the old reach ends, the new one begins.
begin;
\ir ../helpers/cast.psql
select plan(8);

select is(tests.rows_as('acme_north', 'select from public.projects where branch_id = tests.branch_id(''acme_north'')'), 1,
  'C11 confined to the north, they see its project');
select is(tests.rows_as('acme_north', 'select from public.projects where branch_id = tests.branch_id(''acme_south'')'), 0,
  'C11 and not that of the south');
update public.membership_branches set branch_id = tests.branch_id('acme_south') where user_id = tests.user_id('acme_north');
select is(tests.rows_as('acme_north', 'select from public.projects where branch_id = tests.branch_id(''acme_south'')'), 1,
  'C11 moved to the south, they see its project');
select is(tests.rows_as('acme_north', 'select from public.projects where branch_id = tests.branch_id(''acme_north'')'), 0,
  'C11 and no longer that of the north');

select cmp_ok(tests.rows_as('platform_admin', 'select from public.tenants'), '>=', 2, 'C7 an administrator sees all tenants');
select is(tests.rows_as('stranger', 'select from public.tenants'), 0, 'C7 a stranger none');
update private.platform_admins set user_id = tests.user_id('stranger') where user_id = tests.user_id('platform_admin');
select is(tests.rows_as('platform_admin', 'select from public.tenants'), 0, 'C7 handed to the stranger, the administrator sees none');
select cmp_ok(tests.rows_as('stranger', 'select from public.tenants'), '>=', 2, 'C7 and the stranger all');

select * from finish();
rollback;
