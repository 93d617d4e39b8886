-- branch: who is confined reaches rows of their branches and of none, by every verb.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(16);

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'member', branch => 'branch_id');
select is(tests.try_as(who, 'select from public.notes'), seen, format('S5 %s reads %s', who, seen))
from (values ('acme_member', '4'), ('acme_north', '2'), ('globex_member', '1')) as v (who, seen);
select is(tests.try_as('acme_north', 'update public.notes set body = ''x'''), '2',
  'S5 who is confined updates what they read');
select is(tests.try_as('acme_member', 'update public.notes set body = ''x'''), '4', 'S5 others all');
select is(tests.try_as('acme_north', 'delete from public.notes'), '2', 'S5 who is confined deletes what they read');
select is(
  tests.try_as('acme_north', format('insert into public.notes (tenant_id, branch_id, body) values (tests.tenant_id(''acme''), %s, ''x'')', branch)),
  answer, format('S5 who is confined inserts into %s: %s', branch, answer)
)
from (values ('tests.branch_id(''acme_north'')', '1'), ('null', '1'),
  ('tests.branch_id(''acme_south'')', '42501')) as v (branch, answer);
select is(
  tests.try_as('acme_north', format('update public.notes set branch_id = %s where body = ''north''', branch)), answer,
  format('S5 and moves a row to %s: %s', branch, answer)
)
from (values ('null', '1'), ('tests.branch_id(''acme_south'')', '42501')) as v (branch, answer);
-- Confined in one tenant, free in another.
select tests.join('acme_north', 'globex', 'member');
select is(tests.try_as('acme_north', 'select from public.notes'), '3',
  'S5 who is free in another tenant sees all of that one');
update public.notes set branch_id = tests.branch_id('globex_main') where body = 'globex';
select is(tests.try_as('acme_north', 'select from public.notes'), '3', 'S5 its branches too');
-- With an owner besides: who was moved to another branch no longer changes what they wrote in the former one.
call private.enroll('public.notes', read => 'viewer', write => 'member', owner => 'author_id', branch => 'branch_id');
update public.notes set author_id = tests.user_id('acme_north');
select is(tests.try_as('acme_north', statement), answer, format('S5 with an owner, %s: %s', left(statement, 6), answer))
from (values
  ('update public.notes set body = ''x''', '3'), ('update public.notes set body = ''x'' where true returning id', '3'),
  ('delete from public.notes', '3')
) as v (statement, answer);

select * from finish();
rollback;
