-- Who sees which projects: Acme has one of the house and one in each of two branches, Globex has one.
begin;
\ir ../helpers/cast.psql
select plan(14);

select is(tests.rows_as('operator',
  $$select from public.projects where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'))$$), 4,
  'C9 four projects are there');
select is(tests.rows_as(who, 'select from public.projects'), seen, format('S5 %s sees %s', who, seen))
from (values
  ('acme_owner', 3), ('acme_viewer', 3), ('acme_north', 2), ('acme_customer', 0), ('acme_suspended', 0),
    ('acme_former', 0),
  ('acme_inactive', 0), ('globex_member', 1), ('both_member', 4), ('initech_owner', 0), ('stranger', 0)
) as v (who, seen);
select tests.sign_in('acme_north');
select set_eq(
  'select name from public.projects', $$values ('House'), ('North')$$,
  'S5 who is confined sees their branch and what has none'
);
select is((select count(*) from public.projects where id = tests.project_id('acme_south')), 0::bigint,
  'S5 and no other, even by its id');

select * from finish();
rollback;
