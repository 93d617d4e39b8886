-- The helpers really act as who they say: without that, every denial elsewhere would prove nothing.
begin;
\ir ../helpers/cast.psql
select plan(14);

select is(tests.value_as('acme_member', 'select current_user'), 'authenticated',
  'S1 signing in takes the role authenticated');
select is(tests.value_as('acme_member', 'select auth.uid()'), tests.user_id('acme_member')::text,
  'S1 and the id of the person');
select is(tests.value_as('acme_member', 'select auth.role()'), 'authenticated', 'S1 and the claim of the role');
select is(tests.value_as('acme_member', 'select auth.email()'), tests.email('acme_member'), 'S1 and the e-mail');
select is(tests.value_as('acme_member', $$select auth.jwt() ->> 'aal'$$), 'aal1', 'S1 and the level of assurance');
select ok(tests.value_as('acme_member',
  $$select auth.jwt() ?& array['aud', 'session_id', 'is_anonymous', 'exp', 'iat']$$)::boolean,
  'S1 and the other claims of a real token');
select is(tests.value_as('service', 'select current_user'), 'service_role', 'S1 the service role is itself');
select is(tests.value_as('service', 'select auth.uid()'), null, 'S1 and nobody in person');
select is(tests.value_as('visitor', 'select current_user'), 'anon', 'S1 a visitor is anon');
select is(tests.value_as('operator', 'select current_user'), 'postgres', 'S1 the operator is postgres');
select is(tests.value_as('operator', 'select auth.uid()'), null, 'S1 the operator is nobody in person');
select is(tests.rows_as('operator', $$select from public.users where email like '%@tests.example'$$), 17,
  'C2 the cast has 17 accounts');
select is(tests.rows_as('operator', $$select from public.memberships where tenant_id = tests.tenant_id('acme')$$), 11,
  'C3 Acme has 11 members');
select is(
  (select rolsuper from pg_roles where rolname = session_user), false,
  'S2 the tests run as a role without superuser rights, as on a hosted project'
);

select * from finish();
rollback;
