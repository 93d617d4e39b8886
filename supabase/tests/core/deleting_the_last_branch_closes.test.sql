-- Losing the last branch of a confinement leaves the member confined: it closes and never opens.
begin;
\ir ../helpers/cast.psql
select plan(6);

select tests.join('west_member', 'acme', 'member') from tests.enter('west_member');
insert into public.branches (tenant_id, id, name) values (tests.tenant_id('acme'), tests.branch_id('acme_west'),
  'West');
select tests.lives_as('acme_admin',
  $$select public.set_member_branches(tests.tenant_id('acme'), tests.user_id('west_member'), array[tests.branch_id('acme_west')])$$,
  'S5 a member is confined to West');
select is(tests.rows_as('west_member', 'select from public.branches'), 1, 'S5 and sees West');
select is(tests.rows_as('acme_admin', $$delete from public.branches where name = 'West'$$), 1,
  'C4 West is closed down');
select is(tests.rows_as('west_member', 'select from public.branches'), 0, 'S5 the member sees no branch');
select is(tests.rows_as('west_member', 'select from public.projects'), 1, 'S5 and only the project of the house');
select is(
  (select is_confined from public.memberships where user_id = tests.user_id('west_member')), true,
    'S5 being confined still'
);

select * from finish();
rollback;
