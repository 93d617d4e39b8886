-- Enrolling again leaves nothing of the earlier declaration; withdrawing closes the table.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(13);

create view tests.protection as
  select polname::text as name from pg_policy where polrelid = 'public.notes'::regclass
  union all
  select tgname::text from pg_trigger where tgrelid = 'public.notes'::regclass and not tgisinternal;

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'manager', audit => true);
select set_eq('table tests.protection',
  array['tenant_select', 'tenant_insert', 'tenant_update', 'tenant_delete', '_100_refuse_move', '_200_touch',
  '_900_audit'],
  'S2 four policies and three triggers');
call private.enroll('public.notes', read => 'admin');
select set_eq('table tests.protection', array['tenant_select', '_100_refuse_move', '_200_touch'],
  'S2 enrolled again, one policy and two');
select is(tests.try_as(who, statement), answer, format('S2 %s: %s', who, left(statement, 25)))
from (values
  ('acme_viewer', 'select from public.notes', '0'), ('acme_admin', 'select from public.notes', '4'),
  ('acme_admin', 'delete from public.notes', '42501'), ('acme_admin', 'update public.notes set body = ''x''', '42501')
) as v (who, statement, answer);
select is((select count(*) from private.enrollments where relation = 'public.notes'), 1::bigint,
  'S2 one declaration, the last');

call private.withdraw('public.notes');
select is_empty('table tests.protection', 'S2 withdrawn, nothing of it is left');
select is((select count(*) from private.enrollments where relation = 'public.notes'), 0::bigint,
  'S2 nor the declaration');
select is(tests.try_as(who, 'select from public.notes'), '42501', format('S2 and the table is closed to %s', who))
from (values ('acme_owner'), ('service'), ('visitor')) as v (who);
select ok((select relrowsecurity from pg_class where oid = 'public.notes'::regclass), 'S2 with row level security on');

select * from finish();
rollback;
