-- Status, kind, id and stamps of a tenant are granted to nobody; nor are insert and delete.
begin;
\ir ../helpers/cast.psql
select plan(10);

select tests.sign_in('acme_owner');
select throws_ok(
  format('update public.tenants set %s where id = tests.tenant_id(''acme'')', what), '42501',
  'permission denied for table tenants', format('C1 an owner cannot set %s', what)
)
from (values
  ($$status = 'closed'$$), ($$kind = 'team'$$), ('id = gen_random_uuid()'), ('created_by = null'),
    ('created_at = now()'),
  ('updated_at = now()')
) as v (what);
select lives_ok(
  $$update public.tenants set name = 'Acme Ltd' where id = tests.tenant_id('acme')$$, 'C1 but sets the name'
);
select throws_ok(
  $$insert into public.tenants (name, slug) values ('New', 'tests-new')$$, '42501',
  'permission denied for table tenants', 'C6 a tenant is made by create_tenant only'
);
select throws_ok(
  $$delete from public.tenants where id = tests.tenant_id('acme')$$, '42501',
  'permission denied for table tenants', 'C11 a tenant is closed, not deleted'
);
select tests.as_operator();
select is(
  (select status || ' ' || kind || ' ' || name from public.tenants where id = tests.tenant_id('acme')),
  'active organization Acme Ltd', 'C1 only the name is changed'
);

select * from finish();
rollback;
