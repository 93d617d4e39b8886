-- A manager confined to North makes, changes and moves projects within North and the house.
begin;
\ir ../helpers/cast.psql
select plan(13);

select tests.enter('north_manager');
select tests.join('north_manager', 'acme', 'manager', 'acme_north');
select tests.sign_in('north_manager');
select lives_ok(
  $$insert into public.projects (tenant_id, branch_id, name) values (tests.tenant_id('acme'), tests.branch_id('acme_north'), 'N2')$$,
  'S5 makes a project in North'
);
select lives_ok(
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'H2')$$, 'S5 and one of the house'
);
select throws_ok(
  $$insert into public.projects (tenant_id, branch_id, name) values (tests.tenant_id('acme'), tests.branch_id('acme_south'), 'S2')$$,
  '42501', 'new row violates row-level security policy for table "projects"', 'S5 and none in South'
);
select is(tests.rows($$update public.projects set description = 'x'$$), 4, 'S5 changes the four in reach');
select throws_ok(
  $$update public.projects set branch_id = tests.branch_id('acme_south') where name = 'N2'$$,
  '42501', 'new row violates row-level security policy for table "projects"', 'S5 cannot move one to South'
);
select is(tests.rows($$update public.projects set branch_id = tests.branch_id('acme_north') where name = 'H2'$$), 1,
  'S5 moves one to North');
select is(tests.rows($$update public.projects set branch_id = null where name = 'H2'$$), 1, 'S5 and back to the house');
select is(tests.rows($$update public.projects set branch_id = tests.branch_id('acme_north') where name = 'South'$$), 0,
  'S5 draws none from South');
select tests.as_operator();
select is((select branch_id from public.projects where id = tests.project_id('acme_south')),
  tests.branch_id('acme_south'), 'S5 which stays there');
select is((select description from public.projects where id = tests.project_id('acme_south')), null, 'S5 unchanged');
select is((select branch_id from public.projects where name = 'N2'), tests.branch_id('acme_north'),
  'S5 and N2 is in North');
select is(tests.rows_as('acme_manager',
  $$update public.projects set branch_id = tests.branch_id('acme_south') where name = 'N2'$$), 1,
  'S5 a manager who is not confined moves it');
select is(tests.rows_as('north_manager', $$select from public.projects where name = 'N2'$$), 0,
  'S5 and it is out of reach');

select * from finish();
rollback;
