-- Who sees which branches of Acme (two) and Globex (one).
begin;
\ir ../helpers/cast.psql
select plan(11);

select is(tests.rows_as('operator',
  $$select from public.branches where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'))$$), 3,
  'C4 three branches are there');
select is(tests.rows_as(who, 'select from public.branches'), seen, format('S5 %s sees %s', who, seen))
from (values
  ('acme_owner', 2), ('acme_viewer', 2), ('acme_north', 1), ('acme_customer', 0), ('acme_suspended', 0),
    ('globex_member', 1),
  ('both_member', 3), ('stranger', 0)
) as v (who, seen);
select is(tests.value_as('acme_north', 'select name from public.branches'), 'North',
  'S5 who is confined to North sees North');
select throws_ok(
  $$select tests.rows_as('visitor', 'select from public.branches')$$, '42501', 'permission denied for table branches',
  'S2 a visitor may not even ask'
);

select * from finish();
rollback;
