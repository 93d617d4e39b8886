-- Versions never change, and keep their flow from being deleted, but with the tenant.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(17);

select is(tests.value_as('acme_member', $$select public.freeze_visual_test_flow(tests.tenant_id('acme'),
  tests.flow_id('acme_login'))$$), '1', 'T3 a flow has run');

select tests.throws_as(who, $$update public.visual_test_flow_versions set snapshot = '{}'$$, '42501',
  'permission denied for table visual_test_flow_versions', format('T3 %s changes no version', who))
from unnest('{acme_owner, service}'::text[]) as who;
select tests.throws_as('operator', $$update public.visual_test_flow_versions set snapshot = snapshot$$, 'PT409',
  'A version of a flow never changes.', 'T3 nor does an operator');
select tests.throws_as(who, 'delete from public.visual_test_flow_versions', '42501',
  'permission denied for table visual_test_flow_versions', format('T3 %s deletes none', who))
from unnest('{acme_owner, service}'::text[]) as who;
select tests.throws_as(who, $$insert into public.visual_test_flow_versions (tenant_id, flow_id, version, snapshot, content_hash)
    select tenant_id, flow_id, 2, snapshot, content_hash from public.visual_test_flow_versions$$, '42501',
  'permission denied for table visual_test_flow_versions', format('T3 %s writes none', who))
from unnest('{acme_owner, service}'::text[]) as who;

create function tests.delete_flow(name text) returns text language sql immutable return format(
  'delete from public.visual_test_flows where id = tests.flow_id(%L)', name);
select tests.throws_as(who, tests.delete_flow('acme_login'), 'PT409', 'The flow has run: its versions are kept.',
  format('T3 %s deletes no flow that has run', who))
from unnest('{acme_manager, acme_owner, platform_admin, service, operator}'::text[]) as who;
select is(tests.rows_as('acme_manager', tests.delete_flow('acme_empty')), 1, 'T3 a manager deletes one that has not');
select is(tests.value_as('globex_member', $$select public.freeze_visual_test_flow(tests.tenant_id('globex'),
  tests.flow_id('globex_login'))$$), '1', 'T3 a flow of another tenant has run');
select is(tests.rows($$delete from public.tenants where id = tests.tenant_id('globex')$$), 1, 'T3 that tenant is erased');
select is((select array_agg(tenant_id) from public.visual_test_flow_versions), array[tests.tenant_id('acme')],
  'T3 and its versions with it');

select * from finish();
rollback;
