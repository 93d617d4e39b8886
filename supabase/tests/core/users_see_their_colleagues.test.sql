-- A profile is seen by its user and, from viewer up, by the members of a shared tenant.
begin;
\ir ../helpers/cast.psql
select plan(11);

select is(tests.rows_as('operator', $$select from public.users where email like '%@tests.example'$$), 17,
  'C2 seventeen profiles are there');
select is(
  tests.rows_as(who, $$select from public.users where email like '%@tests.example'$$), seen,
  format('S1 %s sees %s of them', who, seen)
)
from (values
  ('acme_owner', 11), ('acme_viewer', 11), ('acme_customer', 1), ('acme_suspended', 1), ('acme_former', 1),
    ('acme_inactive', 0),
  ('stranger', 1), ('both_member', 13)
) as v (who, seen);
select is(
  tests.value_as('stranger', 'select email from public.users'), tests.email('stranger'),
  'C2 a stranger sees their own profile'
);
select is(
  tests.rows_as('platform_admin', $$select from public.users where email like '%@tests.example'$$), 17,
  'C7 a platform administrator sees every profile, those without a tenant too: else nobody could find and activate them'
);

select * from finish();
rollback;
