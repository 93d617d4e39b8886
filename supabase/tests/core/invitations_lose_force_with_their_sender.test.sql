-- Who invited must still be entitled to when the invitation is accepted.
begin;
\ir ../helpers/cast.psql
select plan(10);

select tests.join('inviter', 'acme', 'owner') from tests.enter('inviter');
select tests.sign_in('inviter');
create temp table sent as select * from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'owner');
grant all on sent to authenticated;
select tests.as_operator();
create function tests.accept(sentence text) returns text language sql
  begin atomic; select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', 'PT410',
    'Whoever sent this invitation may no longer invite.', sentence); end;

update public.memberships set role = 'admin' where user_id = tests.user_id('inviter');
select tests.accept('S6 an owner who is now an admin, to the role owner');
update public.invitations set role = 'admin' where tenant_id = tests.tenant_id('acme');
update public.memberships set role = 'manager' where user_id = tests.user_id('inviter');
select tests.accept('S6 an admin who is now a manager');
update public.memberships set role = 'member' where user_id = tests.user_id('inviter');
select tests.accept('S6 an admin who is now a member');
update public.memberships set role = 'admin', status = 'suspended' where user_id = tests.user_id('inviter');
select tests.accept('S6 a suspended admin');
update public.memberships set status = 'active' where user_id = tests.user_id('inviter');
update public.users set is_active = false where id = tests.user_id('inviter');
select tests.accept('C2 a deactivated admin');
update public.users set is_active = true where id = tests.user_id('inviter');
update public.memberships set is_confined = true where user_id = tests.user_id('inviter');
select tests.accept('S5 an admin who is now confined');
delete from public.memberships where user_id = tests.user_id('inviter');
select tests.accept('S6 an admin who is gone');
delete from auth.users where id = tests.user_id('inviter');
select tests.accept('C2 an account that is gone');
select is((select count(*) from public.memberships where user_id = tests.user_id('stranger')), 0::bigint,
  'S6 nobody has joined');

select tests.join('inviter', 'acme', 'admin') from tests.enter('inviter');
select tests.lives_as('stranger', 'select public.accept_invitation(token) from sent',
  'C5 from an admin in office it is good');

select * from finish();
rollback;
