-- What a token says beside the id of its user opens nothing: not for reading, not in a function.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-claims.psql
select plan(20);

create table tests.base as select tests.seen_with(tests.claims('acme_member')::text) as seen;
select cmp_ok((select count(*) from tests.readable), '>=', 14::bigint, 'S1 there are tables and views to read');
select cmp_ok((select length(seen) from tests.base), '>', 2000, 'S1 a member of Acme sees rows in them');
create table tests.forgeries as
  select claims from (values
    (jsonb_build_object('user_metadata', jsonb_build_object('tenant_id', tests.tenant_id('globex'), 'role', 'owner'))),
    (jsonb_build_object('app_metadata', jsonb_build_object('tenants', array[tests.tenant_id('globex')], 'role',
      'platform_admin',
      'roles', array['owner'], 'claims_admin', true))),
    (jsonb_build_object('tenant_id', tests.tenant_id('globex'), 'tenants', array[tests.tenant_id('globex')])),
    (jsonb_build_object('user_id', tests.user_id('globex_owner'), 'id', tests.user_id('globex_owner'))),
    (jsonb_build_object('email', tests.email('globex_owner'))),
    (jsonb_build_object('session_id', tests.id('session', 'globex_owner'))),
    ('{"role": "service_role"}'), ('{"role": "postgres"}'), ('{"role": "supabase_admin"}'),
    ('{"aal": "aal2", "amr": [{"method": "totp"}], "is_super_admin": true, "is_platform_admin": true}'),
    ('{"aud": "service_role", "iss": "elsewhere"}')
  ) as v (claims);
select ok(tests.seen_with((tests.claims('acme_member') || claims)::text) = seen, format('S1 no row more with %s',
  left(claims::text, 70)))
from tests.base, tests.forgeries;

-- Functions that let the service role do more ask for the session and not for the claim.
create table tests.calls (statement text, refusal text);
insert into tests.calls
values
  ('select public.archive_old_conversations()', '42501 This needs the role admin or a higher one in a tenant.'),
  ('select public.increment_usage(tests.tenant_id(''acme''), user_id => tests.user_id(''acme_viewer''))',
    '42501 Usage is counted on the caller only.'),
  ('select public.increment_usage(tests.tenant_id(''globex''))', 'PT404 There is no such tenant.'),
  ('delete from public.conversations where user_id = tests.user_id(''globex_member'')', '0 rows'),
  ('select public.set_user_active(tests.user_id(''globex_member''), false)',
    '42501 This needs a platform administrator.'),
  ('select public.set_tenant_status(tests.tenant_id(''acme''), ''suspended'')',
    '42501 This needs the role owner or a higher one.');
select is_empty(
  $$select c.statement, f.claims, tests.answer_with((tests.claims('acme_member') || f.claims)::text, c.statement)
    from tests.calls as c, tests.forgeries as f
    where tests.answer_with((tests.claims('acme_member') || f.claims)::text, c.statement) <> c.refusal$$,
  'S1 and no function lets a member do more with any of them'
);
select is(tests.answer('service', statement), '1 rows', 'S1 the service role does: ' || left(statement, 44))
from tests.calls where statement ~ 'archive|viewer';
select is(tests.answer('platform_admin', statement), '1 rows', 'C7 a platform administrator does: ' || left(statement,
  44))
from tests.calls where statement ~ 'set_';
select is(tests.answer_with((tests.claims('acme_member') || '{"is_anonymous": true}')::text,
  'select public.create_tenant(''X'', ''tests-x'')'),
  '42501 This needs a signed-in user.', 'C6 an anonymous sign-in founds no tenant');
select is(tests.answer_with((tests.claims('acme_member') || '{"is_anonymous": false}')::text,
  'select public.create_tenant(''X'', ''tests-x'')'),
  '1 rows', 'C6 a person does');

select * from finish();
rollback;
