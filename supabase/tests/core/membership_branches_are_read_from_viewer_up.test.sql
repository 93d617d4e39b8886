-- Who sees to which branches a member is confined; who is confined sees those of their branches.
begin;
\ir ../helpers/cast.psql
select plan(8);

select tests.enter('north_customer');
select tests.join('north_customer', 'acme', 'customer', 'acme_north');
select tests.enter('south_member');
select tests.join('south_member', 'acme', 'member', 'acme_south');
select is((select count(*) from public.membership_branches where tenant_id = tests.tenant_id('acme')), 3::bigint,
  'C3 three confinements are there');
select is(tests.rows_as(who, 'select from public.membership_branches'), seen, format('S1 %s sees %s', who, seen))
from (values
  ('acme_viewer', 3), ('acme_north', 2), ('north_customer', 1), ('acme_customer', 0), ('globex_owner', 0),
    ('stranger', 0)
) as v (who, seen);
select is(
  tests.value_as('north_customer', 'select user_id from public.membership_branches'),
  tests.user_id('north_customer')::text,
  'S1 a customer sees their own'
);

select * from finish();
rollback;
