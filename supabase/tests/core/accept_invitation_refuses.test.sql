-- Unknown, expired, for a member, into a tenant that is shut.
begin;
\ir ../helpers/cast.psql
select plan(10);

select tests.sign_in('acme_admin');
create temp table sent as select *
  from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'member');
grant all on sent to authenticated;
select tests.as_operator();

select tests.throws_as('stranger', format('select public.accept_invitation(%s)', token), 'PT404',
  'There is no such invitation.', format('C5 %s', sentence))
from (values
  ('''0123456789abcdef''', 'an unknown token'), ('''''', 'an empty one'), ('null', 'none'),
  ('(select upper(token) from sent)', 'the token in other letters')
) as v (token, sentence);

update public.invitations set created_at = now() - interval '8 days', expires_at = now() - interval '1 second'
where tenant_id = tests.tenant_id('acme');
select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', 'PT410',
  'This invitation has expired.', 'C5 an expired one');
update public.invitations set expires_at = now() + interval '1 second' where tenant_id = tests.tenant_id('acme');

update public.tenants set status = 'suspended' where id = tests.tenant_id('acme');
select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', 'PT404',
  'There is no such invitation.',
  'C11 into a suspended tenant');
update public.tenants set status = 'active' where id = tests.tenant_id('acme');

select tests.join('stranger', 'acme', 'customer');
select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', 'PT409',
  'You are a member of this tenant already.',
  'S6 who is a member already does not raise their role by it');
select is((select role from public.memberships where user_id = tests.user_id('stranger')), 'customer',
  'S6 they are what they were');
select is((select accepted_at from public.invitations where tenant_id = tests.tenant_id('acme')), null,
  'C5 the invitation is open still');
delete from public.memberships where user_id = tests.user_id('stranger');
select tests.lives_as('stranger', 'select public.accept_invitation(token) from sent',
  'C5 a second before it expires it is good');

select * from finish();
rollback;
