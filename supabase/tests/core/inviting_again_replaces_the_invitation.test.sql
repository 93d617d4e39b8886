-- One open invitation an address; the earlier token is worth nothing from then on. But nobody takes back, by inviting
-- again, what they could not take back by revoking.
begin;
\ir ../helpers/cast.psql
select plan(7);

select tests.sign_in('acme_owner');
create temp table tokens (place integer, token text);
grant all on tokens to authenticated;
insert into tokens select 1, token
  from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'viewer');
insert into tokens select 2, token from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'owner');
select tests.as_operator();
select is((select count(*) from public.invitations where email = tests.email('stranger')), 2::bigint,
  'C5 two have been made');
select is(
  (select count(*) from public.invitations where email = tests.email('stranger') and revoked_at is null), 1::bigint,
    'C5 one is open'
);
select tests.throws_as('stranger', format('select public.accept_invitation(%L)', token), 'PT410',
  'This invitation was taken back.',
  'C5 the first is worth nothing') from tokens where place = 1;

select tests.throws_as('acme_admin',
  $$select public.revoke_invitation(tests.tenant_id('acme'), (select id from public.invitations where role = 'owner'))$$,
  '42501', 'You cannot grant the role owner: it is above your own.',
  'S6 an admin does not revoke an owner''s invitation');
select tests.throws_as('acme_admin',
  $$select public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'customer')$$,
  '42501', 'You cannot grant the role owner: it is above your own.', 'S6 nor by inviting the same address as less');
select is((select revoked_at from public.invitations where role = 'owner' and email = tests.email('stranger')), null,
  'S6 it is open still');
select tests.lives_as('stranger', format('select public.accept_invitation(%L)', token), 'C5 the second is good')
from tokens where place = 2;

select * from finish();
rollback;
