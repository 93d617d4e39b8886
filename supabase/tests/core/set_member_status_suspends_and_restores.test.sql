-- Admins suspend members below them and bring them back.
begin;
\ir ../helpers/cast.psql
select plan(13);

select tests.throws_as(
  who, format('select public.set_member_status(tests.tenant_id(''acme''), tests.user_id(%L), %L)', target, status),
  code, message,
  format('S6 %s does not set %s to %s', who, target, status)
)
from (values
  ('acme_manager', 'acme_member', 'suspended', '42501', 'This needs the role admin or a higher one.'),
  ('acme_suspended', 'acme_suspended', 'active', 'PT404', 'There is no such tenant.'),
  ('acme_admin', 'acme_owner', 'suspended', '42501', 'You cannot change a member with the role owner.'),
  ('acme_admin', 'acme_admin', 'suspended', '42501', 'Nobody changes their own membership.'),
  ('globex_owner', 'acme_member', 'suspended', 'PT404', 'There is no such tenant.'),
  ('acme_admin', 'globex_member', 'suspended', 'PT404', 'There is no such member.'),
  ('acme_admin', 'acme_member', 'asleep', '23514',
    'new row for relation "memberships" violates check constraint "status_is_known"'),
  ('acme_admin', 'acme_member', null, '23502',
    'null value in column "status" of relation "memberships" violates not-null constraint')
) as v (who, target, status, code, message);
select is(tests.rows_as('acme_member', 'select from public.projects'), 3, 'C10 the member reaches the projects');
select tests.lives_as('acme_admin',
  $$select public.set_member_status(tests.tenant_id('acme'), tests.user_id('acme_member'), 'suspended')$$,
  'S6 an admin suspends the member');
select is(tests.rows_as('acme_member', 'select from public.projects'), 0, 'C10 who reaches nothing from that moment');
select tests.lives_as('acme_admin',
  $$select public.set_member_status(tests.tenant_id('acme'), tests.user_id('acme_member'), 'active')$$,
  'S6 and brings them back');
select is(tests.rows_as('acme_member', 'select from public.projects'), 3, 'C10 to all of it');

select * from finish();
rollback;
