-- Inviting, accepting and managing by e-mail or id: no answer may tell whether an address has an account, or whose.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(7);

-- Addresses that the platform knows in every way but as a member of Acme, and one that it does not know.
create table tests.addresses as
  select what, email from (values
    ('an account without a tenant', tests.email('stranger')), ('a member of another tenant',
      tests.email('globex_member')),
    ('the owner of another tenant', tests.email('globex_owner')), ('a former member', tests.email('acme_former')),
    ('the owner of a suspended tenant', tests.email('initech_owner')), ('a platform administrator',
      tests.email('platform_admin')),
    ('invited by another tenant', 'globex_guest@tests.example'), ('nobody', 'nobody@nowhere.example')
  ) as v (what, email);
create function tests.told(who text, email text) returns text language plpgsql as $$
declare
  v_told text;
begin
  v_told := tests.shown_to(who, format('select i.expires_at - now(), length(i.token), i.invitation_id is null'
    ' from public.invite_member(tests.tenant_id(''acme''), %L, ''viewer'') as i', email));
  v_told := v_told || tests.shown_to(who,
    format('select email = %L, role, branch_ids, accepted_by, revoked_at, created_by from public.invitations where email = %L', email, email));
  raise exception using errcode = 'UNDO0', message = v_told;
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select is((select count(distinct tests.told('acme_admin', email)) from tests.addresses), 1::bigint,
  'C5 an invitation to each address answers, and looks afterwards, like one to nobody');
select matches(tests.told('acme_admin', 'nobody@nowhere.example'), '^\("7 days",64,f\)', 'C5 namely with a token');
select is_empty(
  $$select what, email from tests.addresses where what <> 'nobody'
    and tests.answer('acme_admin', format('select from public.users where email = %L', email)) <> '0 rows'$$,
  'C2 the profiles show none of them to an admin'
);
select is(tests.answer('acme_admin', format('select from public.users where email = %L', tests.email('acme_viewer'))),
  '1 rows',
  'C2 but their own colleagues');

-- By id: of an account, and of none.
select is_empty(
  $$select statement, tests.answer('acme_owner', format(statement, tests.user_id('globex_member'))) from unnest(array[
      'select public.change_member_role(tests.tenant_id(''acme''), %L, ''viewer'')',
        'select public.set_member_status(tests.tenant_id(''acme''), %L, ''active'')',
      'select public.set_member_branches(tests.tenant_id(''acme''), %L, null)',
        'select public.remove_member(tests.tenant_id(''acme''), %L)',
      'select public.transfer_ownership(tests.tenant_id(''acme''), %L)', 'select public.set_user_active(%L, false)',
      'select public.increment_usage(tests.tenant_id(''acme''), user_id => %L)',
        'insert into public.conversations (tenant_id, user_id) values (tests.tenant_id(''acme''), %L)']) as statement
    where tests.answer('acme_owner', format(statement, tests.user_id('globex_member'))) <> tests.answer('acme_owner',
      format(statement, tests.user_id('nobody')))$$,
  'S4 the id of an account answers like one of nobody'
);
-- By token: of another's invitation the holder learns that it is not theirs, of what it offers and who sent it nothing.
select tests.sign_in('globex_owner');
create temp table sent as select * from public.invite_member(tests.tenant_id('globex'), tests.email('stranger'),
  'admin');
grant all on sent to authenticated, anon;
select tests.as_operator();
select is(tests.answer('acme_member', 'select public.accept_invitation(token) from sent'),
  '42501 This invitation is for another e-mail address.',
  'C5 a token in other hands tells no more');
select is(tests.answer('visitor', 'select public.accept_invitation(token) from sent'),
  '42501 permission denied for function accept_invitation',
  'C5 and a visitor does not even ask');

select * from finish();
rollback;
