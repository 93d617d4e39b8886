-- The new owner is an active member who is not confined; the old one becomes an admin.
begin;
\ir ../helpers/cast.psql
select plan(17);

select tests.throws_as(who, format('select public.transfer_ownership(tests.tenant_id(''acme''), tests.user_id(%L))',
  target), code, message,
  format('C6 %s does not hand over to %s', who, target))
from (values
  ('acme_admin', 'acme_member', '42501', 'This needs the role owner or a higher one.'),
  ('globex_owner', 'acme_member', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'acme_owner', '42501', 'Nobody changes their own membership.'),
  ('acme_owner', 'stranger', 'PT404', 'There is no such member.'),
  ('acme_owner', 'globex_owner', 'PT404', 'There is no such member.'),
  ('acme_owner', 'acme_suspended', 'PT409',
    'Only an active member who is not confined to branches can become the owner.'),
  ('acme_owner', 'acme_inactive', 'PT409',
    'Only an active member who is not confined to branches can become the owner.'),
  ('acme_owner', 'acme_north', 'PT409', 'Only an active member who is not confined to branches can become the owner.')
) as v (who, target, code, message);
select is((select role from public.memberships where user_id = tests.user_id('acme_owner')), 'owner',
  'C6 the owner is the same');
select tests.lives_as('acme_owner',
  $$select public.transfer_ownership(tests.tenant_id('acme'), tests.user_id('acme_member'))$$,
  'C6 an owner hands over');
select set_eq(
  $$select user_id, role from public.memberships where user_id in (tests.user_id('acme_owner'), tests.user_id('acme_member'))$$,
  $$values (tests.user_id('acme_owner'), 'admin'), (tests.user_id('acme_member'), 'owner')$$, 'C6 and becomes an admin'
);
select tests.throws_as('acme_owner',
  $$select public.transfer_ownership(tests.tenant_id('acme'), tests.user_id('acme_member'))$$,
  '42501', 'This needs the role owner or a higher one.', 'C10 who cannot do so again');
select tests.lives_as('acme_member', $$select public.set_tenant_status(tests.tenant_id('acme'), 'closed')$$,
  'C10 the new one may do all');

select tests.join('platform_admin', 'globex', 'viewer');
select tests.lives_as('platform_admin',
  $$select public.transfer_ownership(tests.tenant_id('globex'), tests.user_id('globex_member'))$$,
  'C7 a platform administrator makes an owner');
select is(
  (select role from public.memberships where user_id = tests.user_id('platform_admin')), 'viewer',
  'S6 and keeps the membership they have: only an ownership is handed over'
);

select tests.join('globex_owner', 'initech', 'owner');
select tests.lives_as('globex_owner',
  $$select public.transfer_ownership(tests.tenant_id('globex'), tests.user_id('both_member'))$$,
  'C6 who owns two tenants hands over one');
select set_eq(
  $$select tenant_id, role from public.memberships where user_id = tests.user_id('globex_owner')$$,
  $$values (tests.tenant_id('globex'), 'admin'), (tests.tenant_id('initech'), 'owner')$$, 'C6 and keeps the other'
);

select * from finish();
rollback;
