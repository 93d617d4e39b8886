-- Inviting an address again takes back the open invitation of that address to that tenant. All others stay as they are,
-- and ask for no rank of whoever invites.
begin;
\ir ../helpers/cast.psql
select plan(5);

create function tests.offer(who text, tenant text, address text) returns text language plpgsql as $$
begin
  return tests.value_as(who,
    format('select token from public.invite_member(tests.tenant_id(%L), tests.email(%L), ''owner'')', tenant, address));
end
$$;
-- To the stranger: one that was taken back, one that was used, one to another tenant. And one to another address.
select tests.offer('acme_owner', 'acme', 'stranger');
select tests.lives_as('stranger',
  format('select public.accept_invitation(%L)', tests.offer('acme_owner', 'acme', 'stranger')),
  'C5 the second of two was accepted');
select tests.lives_as('acme_owner', $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('stranger'))$$,
  'S6 and the membership ended');
select tests.offer('globex_owner', 'globex', 'stranger');
select tests.offer('acme_owner', 'acme', 'somebody');
update public.invitations set revoked_at = revoked_at - interval '2 hours';
create table tests.before as select * from public.invitations;

select tests.lives_as('acme_admin',
  $$select public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'viewer')$$,
  'S6 an admin invites the address once more: no open invitation of an owner is in the way');
select is((select count(*) from public.invitations where role = 'viewer' and revoked_at is null), 1::bigint,
  'C5 there is one more');
select bag_eq($$select * from public.invitations where role = 'owner'$$, 'table tests.before',
  'C5 what was taken back, used, sent elsewhere or to somebody else is as it was');

select * from finish();
rollback;
