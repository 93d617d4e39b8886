-- An admin confined to a branch could otherwise lift the confinement of others, or invite past it.
begin;
\ir ../helpers/cast.psql
select plan(9);

select tests.enter('north_admin');
select tests.join('north_admin', 'acme', 'admin', 'acme_north');
select tests.throws_as('north_admin', format('select public.%s', call), '42501',
  'A member confined to branches cannot manage members.',
  format('S5 a confined admin: %s', split_part(call, '(', 1)))
from (values
  ($$change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'viewer')$$),
  ($$set_member_status(tests.tenant_id('acme'), tests.user_id('acme_member'), 'suspended')$$),
  ($$set_member_branches(tests.tenant_id('acme'), tests.user_id('acme_north'), null)$$),
  ($$remove_member(tests.tenant_id('acme'), tests.user_id('acme_member'))$$),
  ($$invite_member(tests.tenant_id('acme'), 'new@tests.example', 'member')$$),
  ($$revoke_invitation(tests.tenant_id('acme'), gen_random_uuid())$$)
) as v (call);
select is(
  (select role || ' ' || status from public.memberships where user_id = tests.user_id('acme_member')), 'member active',
    'S5 nothing has changed'
);
select tests.lives_as('acme_owner',
  $$select public.set_member_branches(tests.tenant_id('acme'), tests.user_id('north_admin'), null)$$,
  'S5 an owner lifts it');
select tests.lives_as('north_admin',
  $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('acme_member'))$$,
  'S5 and from then on the admin manages');

select * from finish();
rollback;
