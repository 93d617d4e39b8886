-- Whoever is out of reach answers as a stranger does; a deactivated account is told so.
begin;
\ir ../helpers/cast.psql
select plan(6);

select tests.join('sleeping_admin', 'acme', 'admin') from tests.enter('sleeping_admin');
create function tests.attempt() returns text language sql
  return $$select public.change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'viewer')$$;
grant execute on function tests.attempt() to authenticated;

update public.memberships set status = 'suspended' where user_id = tests.user_id('sleeping_admin');
select tests.throws_as('sleeping_admin', tests.attempt(), 'PT404', 'There is no such tenant.', 'S6 a suspended admin');
update public.memberships set status = 'active' where user_id = tests.user_id('sleeping_admin');
update public.users set is_active = false where id = tests.user_id('sleeping_admin');
select tests.throws_as('sleeping_admin', tests.attempt(), '42501', 'This account is not active.',
  'C2 a deactivated admin');
select tests.throws_as('initech_owner', replace(tests.attempt(), 'acme', 'initech'), 'PT404',
  'There is no such tenant.',
  'C11 the owner of a suspended tenant');
select tests.throws_as('stranger', tests.attempt(), 'PT404', 'There is no such tenant.', 'S6 a stranger');
update public.users set is_active = true where id = tests.user_id('sleeping_admin');
select is((select role from public.memberships where user_id = tests.user_id('acme_member')), 'member',
  'S6 nothing has changed');
select tests.lives_as('sleeping_admin', tests.attempt(), 'S6 the same admin, back again');

select * from finish();
rollback;
