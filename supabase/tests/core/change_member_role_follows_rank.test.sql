-- Who gives whom which role: nobody above their own, nobody to a member of their rank or above, but owners to owners.
begin;
\ir ../helpers/cast.psql
select plan(24);

select tests.join('acme_admin2', 'acme', 'admin') from tests.enter('acme_admin2');
select tests.join('acme_owner2', 'acme', 'owner') from tests.enter('acme_owner2');

select tests.throws_as(
  who, format('select public.change_member_role(tests.tenant_id(''acme''), tests.user_id(%L), %L)', target, role),
  '42501', message,
  format('S6 %s does not make %s %s', who, target, role)
)
from (values
  ('acme_admin', 'acme_member', 'owner', 'You cannot grant the role owner: it is above your own.'),
  ('acme_admin', 'acme_admin2', 'viewer', 'You cannot change a member with the role admin.'),
  ('acme_admin', 'acme_admin2', 'admin', 'You cannot change a member with the role admin.'),
  ('acme_admin', 'acme_owner', 'viewer', 'You cannot change a member with the role owner.'),
  ('acme_admin', 'acme_admin', 'owner', 'You cannot grant the role owner: it is above your own.'),
  ('acme_admin', 'acme_admin', 'viewer', 'Nobody changes their own membership.'),
  ('acme_owner', 'acme_owner', 'admin', 'Nobody changes their own membership.'),
  ('acme_manager', 'acme_viewer', 'customer', 'This needs the role admin or a higher one.'),
  ('acme_member', 'acme_viewer', 'customer', 'This needs the role admin or a higher one.'),
  ('acme_viewer', 'acme_viewer', 'member', 'This needs the role admin or a higher one.'),
  ('acme_customer', 'acme_customer', 'owner', 'This needs the role admin or a higher one.')
) as v (who, target, role, message);
select is((select role from public.memberships where user_id = tests.user_id(name)), role,
  format('S6 %s is %s as before', name, role))
from (values ('acme_member', 'member'), ('acme_admin2', 'admin'), ('acme_owner', 'owner'),
  ('acme_viewer', 'viewer')) as v (name, role);
select tests.lives_as(
  who, format('select public.change_member_role(tests.tenant_id(''acme''), tests.user_id(%L), %L)', target, role),
  format('S6 %s makes %s %s', who, target, role)
)
from (values
  ('acme_admin', 'acme_member', 'manager'), ('acme_admin', 'acme_manager', 'customer'),
    ('acme_admin', 'acme_viewer', 'admin'), ('acme_admin', 'acme_north', 'viewer'),
  ('acme_owner', 'acme_viewer', 'member'), ('acme_owner', 'acme_customer', 'owner'),
    ('acme_owner', 'acme_owner2', 'viewer'),
  ('platform_admin', 'acme_admin2', 'owner')
) as v (who, target, role);
select is(
  (select string_agg(role, ' ' order by user_id = tests.user_id('acme_member') desc,
    user_id = tests.user_id('acme_manager') desc,
    user_id = tests.user_id('acme_viewer') desc, user_id = tests.user_id('acme_customer') desc)
    from public.memberships where user_id in (tests.user_id('acme_member'), tests.user_id('acme_manager'),
      tests.user_id('acme_viewer'),
    tests.user_id('acme_customer'))),
  'manager customer member owner', 'S6 and so it is'
);

select * from finish();
rollback;
