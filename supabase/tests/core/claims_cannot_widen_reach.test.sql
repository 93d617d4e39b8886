-- What a token says beside the id of its user opens nothing, and a token of nobody reaches nothing.
begin;
\ir ../helpers/cast.psql
select plan(14);

create function tests.seen(claims jsonb) returns integer language plpgsql as $$
declare
  v_rows integer;
begin
  perform tests.become('authenticated', claims::text);
  v_rows := tests.rows('select from public.projects');
  perform tests.as_operator();
  return v_rows;
end
$$;

select is(tests.seen(tests.claims('acme_member')), 3, 'S1 a member of Acme sees three projects');
select is(tests.seen(tests.claims('acme_member') || claims), 3,
  format('S1 and no other with %s', left(claims::text, 60)))
from (values
  (jsonb_build_object('user_metadata', jsonb_build_object('tenant_id', tests.tenant_id('globex'), 'role', 'owner'))),
  (jsonb_build_object('app_metadata',
    jsonb_build_object('tenants', array[tests.tenant_id('globex')], 'role', 'platform_admin'))),
  (jsonb_build_object('tenant_id', tests.tenant_id('globex'))),
  (jsonb_build_object('email', tests.email('globex_owner'))),
  ('{"role": "service_role"}'),
  ('{"aal": "aal2", "is_super_admin": true}')
) as v (claims);
select is(tests.seen(claims), 0, format('S1 nothing with %s', coalesce(claims::text, 'no claims')))
from (values
  (null::jsonb), ('{}'), ('{"role": "authenticated"}'), ('{"role": "service_role"}'), ('{"sub": null}'),
  (jsonb_build_object('sub', tests.user_id('nobody'), 'role', 'authenticated'))
) as v (claims);
select throws_ok(
  $$select tests.seen('{"sub": "not an id", "role": "authenticated"}')$$, '22P02',
  'invalid input syntax for type uuid: "not an id"',
  'S1 an id that is none is refused'
);

select * from finish();
rollback;
