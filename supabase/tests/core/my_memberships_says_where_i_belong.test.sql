-- The tenants of the caller, with the role in each: for every role, and as of this moment.
begin;
\ir ../helpers/cast.psql
select plan(16);

select is(tests.rows_as(who, 'select from public.my_memberships()'), seen, format('C3 %s belongs to %s', who, seen))
from (values
  ('acme_owner', 1), ('acme_customer', 1), ('acme_north', 1), ('both_member', 2), ('acme_suspended', 0),
    ('acme_former', 0),
  ('acme_inactive', 0), ('initech_owner', 0), ('stranger', 0), ('platform_admin', 0)
) as v (who, seen);
select tests.sign_in('acme_customer');
select results_eq(
  'select tenant_id, name, slug, kind, role, is_confined from public.my_memberships()',
  $$select tests.tenant_id('acme'), 'Acme', 'tests-acme', 'organization', 'customer', false$$,
  'S1 a customer learns where they belong'
);
select tests.sign_in('acme_north');
select results_eq(
  'select role, is_confined from public.my_memberships()', $$values ('member', true)$$, 'S5 it says who is confined'
);
select tests.sign_in('both_member');
select results_eq(
  'select slug from public.my_memberships()', $$values ('tests-acme'), ('tests-globex')$$,
  'C3 in the order of their names'
);
select tests.throws_as('visitor', 'select public.my_memberships()', '42501',
  'permission denied for function my_memberships',
  'S7 a visitor may not ask');

-- A platform administrator reaches every tenant, but belongs where their own membership is in force.
select tests.join('platform_admin', 'acme', 'viewer');
select is(tests.rows_as('platform_admin', 'select from public.my_memberships()'), 1,
  'C7 a platform administrator with a membership belongs to one');
update public.memberships set status = 'suspended' where user_id = tests.user_id('platform_admin');
select is(tests.rows_as('platform_admin', 'select from public.my_memberships()'), 0,
  'S6 suspended in it, to none');

select * from finish();
rollback;
