-- Who invites whom to what.
begin;
\ir ../helpers/cast.psql
select plan(21);

create function tests.invite(role text, email text default 'new@tests.example', branches uuid[] default null,
  lasts interval default '7 days')
  returns text language sql
  begin atomic; select i.token from public.invite_member(tests.tenant_id('acme'), email, role, branches,
  lasts) as i; end;
grant execute on function tests.invite(text, text, uuid[], interval) to authenticated, service_role;

select tests.throws_as(who, format('select tests.invite(%s)', arguments), code, message,
  format('C5 %s: %s', who, arguments))
from (values
  ('acme_manager', '''viewer''', '42501', 'This needs the role admin or a higher one.'),
  ('acme_customer', '''viewer''', '42501', 'This needs the role admin or a higher one.'),
  ('acme_admin', '''owner''', '42501', 'You cannot grant the role owner: it is above your own.'),
  ('globex_owner', '''viewer''', 'PT404', 'There is no such tenant.'),
  ('stranger', '''viewer''', 'PT404', 'There is no such tenant.'),
  ('service', '''viewer''', '42501', 'permission denied for function invite_member'),
  ('acme_admin', '''king''', '22023', 'There is no role ''king''.'),
  ('acme_admin', 'null', '22023', 'There is no role null.'),
  ('acme_admin', '''viewer'', tests.email(''acme_member'')', 'PT409', 'acme_member@tests.example is a member already.'),
  ('acme_admin', '''viewer'', tests.email(''acme_suspended'')', 'PT409',
    'acme_suspended@tests.example is a member already.'),
  ('acme_admin', '''viewer'', ''ACME_MEMBER@tests.example''', 'PT409',
    'acme_member@tests.example is a member already.'),
  ('acme_admin', '''viewer'', ''not an address''', '23514',
    'new row for relation "invitations" violates check constraint "email_is_a_lower_case_address"'),
  ('acme_admin', '''viewer'', branches => array[tests.branch_id(''globex_main'')]', 'PT404',
    'There is no such branch in this tenant.'),
  ('acme_owner', '''owner'', branches => array[tests.branch_id(''acme_north'')]', '23514',
    'new row for relation "invitations" violates check constraint "owner_is_not_confined"'),
  ('acme_admin', '''viewer'', lasts => ''1 second''', '22023', 'An invitation lasts between 1 minute and 90 days.'),
  ('acme_admin', '''viewer'', lasts => ''91 days''', '22023', 'An invitation lasts between 1 minute and 90 days.'),
  ('acme_admin', '''viewer'', lasts => null', '22023', 'An invitation lasts between 1 minute and 90 days.')
) as v (who, arguments, code, message);
select is((select count(*) from public.invitations where tenant_id = tests.tenant_id('acme')), 0::bigint,
  'C5 no invitation has been made');
select tests.lives_as(who, format('select tests.invite(%L)', role), format('C5 %s invites as %s', who, role))
from (values ('acme_admin', 'admin'), ('acme_owner', 'owner'), ('platform_admin', 'owner')) as v (who, role);

select * from finish();
rollback;
