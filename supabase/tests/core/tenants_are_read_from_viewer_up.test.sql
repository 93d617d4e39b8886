-- Who sees which of the three tenants of the cast.
begin;
\ir ../helpers/cast.psql
select plan(14);

select is(tests.rows_as('operator', $$select from public.tenants where slug like 'tests-%'$$), 3,
  'C1 three tenants are there');
select is(
  tests.rows_as(who, $$select from public.tenants where slug like 'tests-%'$$), seen,
  format('S1 %s sees %s of them', who, seen)
)
from (values
  ('acme_owner', 1), ('acme_admin', 1), ('acme_member', 1), ('acme_viewer', 1), ('acme_north', 1), ('acme_customer', 0),
  ('acme_suspended', 0), ('acme_former', 0), ('stranger', 0), ('both_member', 2), ('initech_owner', 0),
    ('platform_admin', 3)
) as v (who, seen);
select throws_ok(
  'select tests.rows_as(''visitor'', ''select from public.tenants'')', '42501', 'permission denied for table tenants',
  'S2 a visitor may not even ask'
);

select * from finish();
rollback;
