-- What all policies look at: the tenants in which the caller holds at least a role.
begin;
\ir ../helpers/cast.psql
select plan(33);

select is(
  tests.value_as(who, format('select cardinality(private.my_tenants(%L))', role))::integer, (rank >= place)::integer,
  format('S1 %s %s hold %s', who, case when rank >= place then 'does' else 'does not' end, role)
)
from (values ('acme_customer', 1), ('acme_viewer', 2), ('acme_member', 3), ('acme_admin', 5)) as w (who, rank)
cross join unnest(array['customer', 'viewer', 'member', 'manager', 'admin',
'owner']) with ordinality as r (role, place);
select is(
  tests.value_as('acme_owner', 'select private.my_tenants(''owner'')'), format('{%s}', tests.tenant_id('acme')),
  'S1 the owner owns Acme'
);
select is(
  tests.value_as('stranger', 'select private.my_tenants(''customer'')'), '{}',
  'S1 a stranger holds nothing: an empty list and not null'
);
select is(
  tests.value_as('platform_admin', 'select cardinality(private.my_tenants(''owner''))')::integer,
  (select count(*)::integer from public.tenants), 'C7 a platform administrator holds all'
);
select tests.throws_as('acme_member', format('select private.my_tenants(%L)', role), '22023', message,
  'S7 an unknown role is refused')
from (values ('king', 'There is no role ''king''.'), (null, 'There is no role null.')) as v (role, message);
select is(
  tests.value_as('acme_north', 'select branches from private.my_reach'), format('{%s}', tests.branch_id('acme_north')),
  'S5 confined to North'
);
select is(tests.value_as('acme_north', 'select unconfined from private.my_reach'), '{}', 'S5 and unconfined nowhere');
select is(tests.value_as(who, 'select private.all_tenants()'), '{}',
  format('C7 %s is given no list of all tenants', who))
from unnest(array['acme_owner', 'service']) as who;

select * from finish();
rollback;
