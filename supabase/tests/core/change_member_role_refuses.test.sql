-- Unknown tenants, members and roles; tenants of others answer like unknown ones.
begin;
\ir ../helpers/cast.psql
select plan(12);

select tests.sign_in('acme_owner');
select throws_ok(
  format('select public.change_member_role(%s, %s, %L)', tenant, member, role), code, message, format('S6 %s', sentence)
)
from (values
  ('tests.tenant_id(''globex'')', 'tests.user_id(''globex_member'')', 'viewer', 'PT404', 'There is no such tenant.',
    'another tenant'),
  ('tests.tenant_id(''nowhere'')', 'tests.user_id(''globex_member'')', 'viewer', 'PT404', 'There is no such tenant.',
    'no tenant'),
  ('null', 'tests.user_id(''acme_member'')', 'viewer', 'PT404', 'There is no such tenant.', 'no tenant named'),
  ('tests.tenant_id(''acme'')', 'tests.user_id(''globex_member'')', 'viewer', 'PT404', 'There is no such member.',
    'another tenant''s member'),
  ('tests.tenant_id(''acme'')', 'tests.user_id(''nobody'')', 'viewer', 'PT404', 'There is no such member.', 'nobody'),
  ('tests.tenant_id(''acme'')', 'tests.user_id(''acme_former'')', 'viewer', 'PT404', 'There is no such member.',
    'a former member'),
  ('tests.tenant_id(''acme'')', 'null', 'viewer', 'PT404', 'There is no such member.', 'no member named'),
  ('tests.tenant_id(''acme'')', 'tests.user_id(''acme_member'')', 'king', '22023', 'There is no role ''king''.',
    'an unknown role'),
  ('tests.tenant_id(''acme'')', 'tests.user_id(''acme_member'')', null, '22023', 'There is no role null.',
    'no role named'),
  ('tests.tenant_id(''acme'')', 'tests.user_id(''acme_north'')', 'owner', 'PT409',
    'An owner is not confined to branches.', 'a confined member')
) as v (tenant, member, role, code, message, sentence);
select lives_ok(
  $$select public.change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'viewer')$$,
  'S6 a member of the own tenant'
);
select tests.as_operator();
select is((select role from public.memberships where user_id = tests.user_id('globex_member')), 'member',
  'S6 Globex is untouched');

select * from finish();
rollback;
