-- Name, address and settings of a tenant: admins and owners, their own tenant only.
begin;
\ir ../helpers/cast.psql
select plan(13);

select is(
  tests.rows_as(who, $$update public.tenants set name = 'Changed' where slug = 'tests-acme'$$), changed,
  format('S1 %s changes %s rows of Acme', who, changed)
)
from (values
  ('acme_viewer', 0), ('acme_member', 0), ('acme_manager', 0), ('globex_owner', 0), ('stranger', 0),
    ('acme_customer', 0)
) as v (who, changed);
select is((select name from public.tenants where slug = 'tests-acme'), 'Acme', 'S1 and it still has its name');
select is(
  tests.rows_as(who, format($$update public.tenants set name = %L where slug = 'tests-acme'$$, who)), 1,
  format('S1 %s changes it', who)
)
from (values ('acme_admin'), ('acme_owner'), ('platform_admin')) as v (who);
select is((select name from public.tenants where slug = 'tests-acme'), 'platform_admin', 'S1 and it is changed');
select throws_ok(
  $$select tests.rows_as('visitor', 'update public.tenants set name = ''Changed''')$$, '42501',
  'permission denied for table tenants', 'S2 a visitor may not even ask'
);
select is(
  tests.rows_as('acme_owner', $$update public.tenants set settings = '{"colour": "blue"}', slug = 'tests-acme-2'$$), 1,
  'C1 address and settings are changed too, and an update without a filter reaches the own tenant only'
);

select * from finish();
rollback;
