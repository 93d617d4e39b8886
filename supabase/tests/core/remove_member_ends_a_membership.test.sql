-- Admins remove members below them; the rows those made stay.
begin;
\ir ../helpers/cast.psql
select plan(14);

select tests.throws_as(who, format('select public.remove_member(tests.tenant_id(''acme''), tests.user_id(%L))', target),
  code, message,
  format('S6 %s does not remove %s', who, target))
from (values
  ('acme_manager', 'acme_member', '42501', 'This needs the role admin or a higher one.'),
  ('acme_admin', 'acme_owner', '42501', 'You cannot change a member with the role owner.'),
  ('acme_admin', 'acme_admin', '42501', 'Nobody changes their own membership.'),
  ('acme_admin', 'globex_member', 'PT404', 'There is no such member.'),
  ('globex_owner', 'acme_member', 'PT404', 'There is no such tenant.'),
  ('stranger', 'acme_member', 'PT404', 'There is no such tenant.')
) as v (who, target, code, message);
select is((select count(*) from public.memberships where tenant_id = tests.tenant_id('acme')), 11::bigint,
  'S6 all members are there');
select tests.lives_as('acme_admin',
  $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('acme_north'))$$,
  'S6 an admin removes a member');
select is(tests.rows_as('acme_north', 'select from public.projects'), 0, 'C10 who reaches nothing from that moment');
select is((select count(*) from public.membership_branches where user_id = tests.user_id('acme_north')), 0::bigint,
  'C3 the confinement goes too');
select is((select count(*) from public.users where id = tests.user_id('acme_north')), 1::bigint,
  'C2 the account stays');
select tests.throws_as('acme_admin',
  $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('acme_north'))$$,
  'PT404', 'There is no such member.', 'S6 it is done once');
select tests.lives_as('acme_admin',
  $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('both_member'))$$,
  'S6 who belongs elsewhere too is removed here')
  || E'\n' || is(tests.rows_as('both_member', 'select from public.projects'), 1, 'S6 and keeps the other tenant');

select * from finish();
rollback;
