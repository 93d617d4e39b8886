-- A token that fell into other hands is worth nothing.
begin;
\ir ../helpers/cast.psql
select plan(15);

select tests.sign_in('acme_admin');
create temp table sent as select *
  from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'member');
create temp table sent_to_another as select *
  from public.invite_member(tests.tenant_id('acme'), tests.email('globex_member'), 'admin');
grant all on sent, sent_to_another to anon, authenticated, service_role;
select tests.as_operator();
select tests.throws_as(who, 'select public.accept_invitation(token) from sent', code, message,
  format('C5 %s does not accept it', who))
from (values
  ('globex_member', '42501', 'This invitation is for another e-mail address.'),
  ('acme_member', '42501', 'This invitation is for another e-mail address.'),
  ('platform_admin', '42501', 'This invitation is for another e-mail address.'),
  ('acme_inactive', '42501', 'This account is not active.'),
  ('service', '42501', 'permission denied for function accept_invitation'),
  ('visitor', '42501', 'permission denied for function accept_invitation')
) as v (who, code, message);
-- The claim of the token is not asked: only the account's own confirmed address counts.
select tests.sign_in('globex_member', jsonb_build_object('email', tests.email('stranger')));
select throws_ok('select public.accept_invitation(token) from sent', '42501',
  'This invitation is for another e-mail address.',
  'C5 a claim with the right address does not help');
select tests.as_operator();
update auth.users set email_confirmed_at = null where id = tests.user_id('stranger');
select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', '42501',
  'This invitation is for another e-mail address.',
  'C5 nor does the right address, unconfirmed');
update auth.users set email_confirmed_at = now(), email = 'Stranger@Tests.Example' where id = tests.user_id('stranger');
select tests.sign_in('stranger', '{"is_anonymous": true}');
select throws_ok('select public.accept_invitation(token) from sent', '42501', 'This needs a signed-in user.',
  'C5 nor an anonymous sign-in');
select tests.as_operator();
select is((select count(*) from public.memberships where tenant_id = tests.tenant_id('acme')), 11::bigint,
  'C5 nobody has joined');
-- Each is invited to the tenant, and holds the other's token.
select tests.throws_as(who, format('select public.accept_invitation(token) from %I', sent), '42501',
  'This invitation is for another e-mail address.', format('C5 %s does not get by their own invitation what another''s token is for', who))
from (values ('stranger', 'sent_to_another'), ('globex_member', 'sent')) as v (who, sent);
select tests.lives_as('stranger', 'select public.accept_invitation(token) from sent',
  'C5 the invited does, whatever the case of the address');
select tests.lives_as('globex_member', 'select public.accept_invitation(token) from sent_to_another', 'C5 and so does the other');
select is(
  (select string_agg(m.role, ', ' order by m.role) from public.memberships as m
    where m.tenant_id = tests.tenant_id('acme') and m.user_id in (tests.user_id('stranger'), tests.user_id('globex_member'))),
  'admin, member', 'C5 each with the role of their own'
);

select * from finish();
rollback;
