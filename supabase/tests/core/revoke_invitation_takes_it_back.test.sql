-- Admins take open invitations back.
begin;
\ir ../helpers/cast.psql
select plan(14);

select tests.sign_in('acme_admin');
create temp table sent as select *
  from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'member');
create temp table another as select *
  from public.invite_member(tests.tenant_id('acme'), tests.email('globex_member'), 'member');
grant all on sent, another to authenticated;
select tests.as_operator();
select tests.throws_as(who, format('select public.revoke_invitation(tests.tenant_id(%L), %s)', tenant, invitation),
  code, message,
  format('C5 %s: %s', who, sentence))
from (values
  ('acme_manager', 'acme', '(select invitation_id from sent)', '42501', 'This needs the role admin or a higher one.',
    'rank'),
  ('globex_owner', 'acme', '(select invitation_id from sent)', 'PT404', 'There is no such tenant.', 'another tenant'),
  ('globex_owner', 'globex', '(select invitation_id from sent)', 'PT404', 'There is no such open invitation.',
    'smuggled in'),
  ('stranger', 'acme', '(select invitation_id from sent)', 'PT404', 'There is no such tenant.', 'the invited'),
  ('acme_admin', 'acme', 'gen_random_uuid()', 'PT404', 'There is no such open invitation.', 'unknown'),
  ('acme_admin', 'acme', 'null', 'PT404', 'There is no such open invitation.', 'none named')
) as v (who, tenant, invitation, code, message, sentence);
select is((select count(*) from public.invitations where tenant_id = tests.tenant_id('acme') and revoked_at is null),
  2::bigint, 'C5 both are open still');
select tests.lives_as('acme_admin',
  $$select public.revoke_invitation(tests.tenant_id('acme'), invitation_id) from sent$$, 'C5 an admin does it');
select results_eq(
  $$select email, revoked_at from public.invitations where tenant_id = tests.tenant_id('acme') order by email$$,
  $$values (tests.email('globex_member'), null), (tests.email('stranger'), now())$$,
  'C5 and it is taken back, that to somebody else is not'
);
select tests.throws_as('acme_admin',
  $$select public.revoke_invitation(tests.tenant_id('acme'), invitation_id) from sent$$,
  'PT404', 'There is no such open invitation.', 'C5 once');
select tests.throws_as('stranger', $$select public.accept_invitation(token) from sent$$, 'PT410',
  'This invitation was taken back.',
  'C5 and it cannot be accepted');
select tests.lives_as('globex_member', 'select public.accept_invitation(token) from another',
  'C5 the other one is accepted');
select tests.throws_as('acme_admin',
  'select public.revoke_invitation(tests.tenant_id(''acme''), invitation_id) from another',
  'PT404', 'There is no such open invitation.', 'C5 what is accepted is not taken back');
select isnt((select accepted_at from public.invitations where email = tests.email('globex_member')), null,
  'C5 it has been used');

select * from finish();
rollback;
