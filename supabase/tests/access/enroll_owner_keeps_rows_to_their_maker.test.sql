-- owner: who alone inserts as themself, updates, and besides remove deletes.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(22);

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'manager', owner => 'author_id');
select is(tests.try_as(who, 'select from public.notes'), seen, format('A6 %s reads %s', who, seen))
from (values ('acme_viewer', '4'), ('acme_member', '4'), ('acme_customer', '0')) as v (who, seen);
select is(tests.try_as(who, 'update public.notes set body = ''x'''), changed, format('A6 %s updates %s', who, changed))
from (values ('acme_member', '2'), ('acme_manager', '1'), ('acme_owner', '0'), ('acme_viewer', '0')) as v (who,
  changed);
select is(tests.try_as(who, 'delete from public.notes'), gone, format('A6 %s deletes %s', who, gone))
from (values ('acme_member', '2'), ('acme_member2', '1'), ('acme_manager', '4'), ('acme_owner', '4'),
  ('acme_viewer', '0')) as v (who, gone);
select is(
  tests.try_as('acme_member', format('insert into public.notes (tenant_id, author_id, body) values (tests.tenant_id(''acme''), %s, ''x'')', author)),
  answer, format('A6 a member inserts as %s: %s', author, answer)
)
from (values ('auth.uid()', '1'), ('default', '1'), ('tests.user_id(''acme_member2'')', '42501'),
  ('null', '42501')) as v (author, answer);
select is(tests.try_as('acme_member', 'update public.notes set author_id = auth.uid()'), '42501',
  'A6 nobody takes a row over');

call private.enroll('public.notes', read => 'viewer', write => 'member', owner => 'author_id');
select is(tests.try_as(who, 'delete from public.notes'), gone, format('A6 without remove, %s deletes %s', who, gone))
from (values ('acme_member', '2'), ('acme_owner', '0')) as v (who, gone);
update public.memberships set role = 'viewer' where user_id = tests.user_id('acme_member');
select is(tests.try_as('acme_member', statement), '0',
  format('S1 a maker who may no longer write does not %s', left(statement, 6)))
from (values ('update public.notes set body = ''x'''), ('delete from public.notes')) as v (statement);
select is(tests.try_as('acme_member', 'select from public.notes'), '4', 'S1 but reads');

select * from finish();
rollback;
