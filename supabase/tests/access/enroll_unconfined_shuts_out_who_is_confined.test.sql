-- unconfined: a table that holds rows of all branches together is out of reach of members who are confined, by every verb.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(11);

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'member', unconfined => true);
select is(tests.try_as(who, statement), answer, format('S5 %s: %s', who, left(statement, 40)))
from (values
  ('acme_north', 'select from public.notes', '0'), ('acme_member', 'select from public.notes', '4'),
  ('acme_north', 'update public.notes set body = ''x''', '0'),
    ('acme_member', 'update public.notes set body = ''x''', '4'),
  ('acme_north', 'delete from public.notes', '0'), ('acme_member', 'delete from public.notes', '4'),
  ('acme_north', 'insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')', '42501'),
  ('acme_member', 'insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')', '1')
) as v (who, statement, answer);
select is((select is_unconfined from private.enrollments where relation = 'public.notes'), true, 'S5 as declared');
select tests.join('acme_north', 'globex', 'member');
select is(tests.try_as('acme_north', 'select from public.notes'), '1',
  'S5 who is free in another tenant reads the notes of that one');
call private.enroll('public.notes', read => 'viewer');
select is(tests.try_as('acme_north', 'select from public.notes'), '5', 'S5 without it they read all');

select * from finish();
rollback;
