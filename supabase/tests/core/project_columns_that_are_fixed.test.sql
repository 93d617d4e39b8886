-- A row never changes its tenant, not even for somebody who belongs to both; the service role meets a second lock.
begin;
\ir ../helpers/cast.psql
select plan(11);

select tests.join('both_manager', 'acme', 'manager') from tests.enter('both_manager');
select tests.join('both_manager', 'globex', 'manager');
select tests.sign_in('both_manager');
select is(tests.rows('select from public.projects'), 4, 'C3 the manager of two tenants reaches the projects of both');
select throws_ok(
  format('update public.projects set %s where id = tests.project_id(''acme_house'')', what), '42501',
  'permission denied for table projects', format('S2 and cannot set %s', what)
)
from (values ($$tenant_id = tests.tenant_id('globex')$$), ('id = gen_random_uuid()'), ('created_by = null'),
  ('updated_at = now()')) as v (what);
select throws_ok(
  $$update public.projects set github_repo = 'acme/site' where id = tests.project_id('acme_house')$$, '428C9',
  'column "github_repo" can only be updated to DEFAULT', 'C9 nor what is computed'
);
select throws_ok(
  $$insert into public.projects (tenant_id, id, name) values (tests.tenant_id('acme'), gen_random_uuid(), 'New')$$,
  '42501',
  'permission denied for table projects', 'S2 nor choose an id'
);
select is(tests.rows($$update public.projects set name = 'House 2' where id = tests.project_id('acme_house')$$), 1,
  'C9 but the name');
select tests.throws_as(who, $$update public.projects set tenant_id = tests.tenant_id('globex') where id = tests.project_id('acme_house')$$,
  '23514', 'A row of public.projects never changes its tenant.', format('S2 nor does the %s role move a row', who))
from (values ('service'), ('operator')) as v (who);
select is((select tenant_id from public.projects where id = tests.project_id('acme_house')), tests.tenant_id('acme'),
  'S2 it stays where it is');

select * from finish();
rollback;
