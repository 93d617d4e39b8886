-- Who sees which of Acme's eleven memberships.
begin;
\ir ../helpers/cast.psql
select plan(13);

select is(tests.rows_as('operator', $$select from public.memberships where tenant_id = tests.tenant_id('acme')$$), 11,
  'C3 eleven are there');
select is(tests.rows_as(who, $$select from public.memberships where tenant_id = tests.tenant_id('acme')$$), seen,
  format('S1 %s sees %s', who, seen))
from (values
  ('acme_owner', 11), ('acme_viewer', 11), ('acme_north', 11), ('acme_customer', 1), ('acme_suspended', 0),
    ('acme_former', 0),
  ('acme_inactive', 0), ('globex_owner', 0), ('stranger', 0), ('platform_admin', 11)
) as v (who, seen);
select is(
  tests.value_as('acme_customer', 'select user_id from public.memberships'), tests.user_id('acme_customer')::text,
  'S1 a customer sees their own membership'
);
select is(tests.rows_as('both_member', 'select from public.memberships'), 14,
  'C3 who is in two tenants sees the members of both');

select * from finish();
rollback;
