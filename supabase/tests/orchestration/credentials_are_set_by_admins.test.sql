-- Admins set the credentials of a component and take them away; nobody but the service role reads them.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/credentials.psql
select plan(21);

select is(tests.credentials('acme_mailer'), null, 'S9 at first there are none');
select tests.lives_as('acme_admin', tests.set_credentials('acme_mailer', '{"token": "first"}'), 'S9 an admin sets them');
select is(tests.credentials('acme_mailer'), '{"token": "first"}', 'S9 the service reads them');
select is((select credentials_set_at > now() from public.components where id = tests.component_id('acme_mailer')), true,
  'S9 when they were set can be seen');
select tests.lives_as('service', tests.set_credentials('acme_mailer', '{"token": "zweites \u00fc"}'), 'S9 the service sets others');
select is(tests.credentials('acme_mailer'), '{"token": "zweites ü"}', 'S9 which replace them');
select is(tests.credentials('acme_builder'), null, 'S9 those of another component are its own');
select tests.throws_as(who, tests.set_credentials('acme_mailer', '{"token": "x"}'), code, message, format('S9 not %s', who))
from (values
  ('acme_manager', '42501', 'This needs the role admin or a higher one.'),
  ('globex_owner', 'PT404', 'There is no such tenant.')
) as v (who, code, message);
select tests.throws_as(who, format('select public.set_component_credentials(%L, %L, null)', tests.tenant_id('acme'),
  tests.component_id('globex_builder')), 'PT404', 'There is no such component.', format('S2 nor another tenant''s (%s)', who))
from unnest(array['acme_admin', 'service']) as who;
select tests.throws_as('acme_admin', tests.set_credentials('acme_mailer', what), '22023',
  'credentials must be an object of at most 16 KB with at least one value.', format('S9 not %s', left(what, 20)))
from unnest(array['{}', '["x"]', jsonb_build_object('long', repeat('x', 16373))::text]) as what;
select tests.lives_as('acme_admin', tests.set_credentials('acme_mailer', jsonb_build_object('long', repeat('x', 16372))::text),
  'S9 but 16 KB');
select tests.throws_as('acme_owner', tests.get_credentials('acme_mailer'), '42501',
  'permission denied for function get_component_credentials', 'S9 an owner reads none');
select tests.throws_as('service', format('select public.get_component_credentials(%L, %L)', tests.tenant_id('acme'),
  tests.component_id('globex_builder')), 'PT404', 'There is no such component.', 'S2 nobody reads another tenant''s');
select tests.lives_as('acme_admin', tests.set_credentials('acme_mailer', null), 'S9 an admin takes them away');
select is(tests.credentials('acme_mailer'), null, 'S9 they are gone');
select is((select credentials_set_at from public.components where id = tests.component_id('acme_mailer')), null,
  'S9 as can be seen');

-- Should somebody grant it to users one day.
grant execute on function public.get_component_credentials(uuid, uuid) to authenticated;
select tests.throws_as('acme_owner', tests.get_credentials('acme_mailer'), '42501',
  'Credentials are read by the service role alone.', 'S9 the function asks by itself');

select * from finish();
rollback;
