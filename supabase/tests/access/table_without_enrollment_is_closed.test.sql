-- Under either default of Supabase: row level security is what closes a table, or no grant does.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(9);

call private.enroll('public.notes');
select is(tests.rows_as('operator', 'select from public.notes'), 5, 'S2 five notes are there');
select is(tests.try_as('acme_owner', statement), '42501',
  format('S2 enrolled with nothing, an owner cannot %s', left(statement, 6)))
from (values
  ('select from public.notes'), ('update public.notes set body = ''x'''), ('delete from public.notes'),
  ('insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')'), ('truncate public.notes')
) as v (statement);
select is(tests.try_as('visitor', 'select from public.notes'), '42501', 'S2 nor can a visitor');
select is(tests.try_as('service', 'select from public.notes'), '5', 'S2 the service role can');
select is(tests.try_as('service', 'truncate public.notes'), '42501', 'S2 but for truncate');

select * from finish();
rollback;
