-- Members calculate, viewers read, nobody writes; another tenant's workflow is as good as none.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
select plan(24);

select tests.add_task('one');
select tests.add_task('of globex', flow => 'globex', tenant => 'globex');
select tests.calculated('globex');
create function tests.call(tenant text, flow text) returns text language sql immutable
  return format('select workflow_id from public.calculate_workflow_analytics(%L, %L)', tests.tenant_id(tenant), tests.flow_id(flow));
select tests.throws_as(who, tests.call(tenant, flow), code, message, format('O6: %s, %s of %s', who, flow, tenant))
from (values
  ('acme_viewer', 'acme', 'plan', '42501', 'This needs the role member or a higher one.'),
  ('acme_customer', 'acme', 'plan', '42501', 'This needs the role member or a higher one.'),
  ('visitor', 'acme', 'plan', '42501', 'permission denied for function calculate_workflow_analytics'),
  ('stranger', 'acme', 'plan', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'globex', 'globex', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'nowhere', 'globex', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'acme', 'globex', 'PT404', 'There is no such workflow.'),
  ('both_member', 'acme', 'globex', 'PT404', 'There is no such workflow.'),
  ('service', 'acme', 'globex', 'PT404', 'There is no such workflow.'),
  ('service', 'nowhere', 'plan', 'PT404', 'There is no such workflow.')
) as v (who, tenant, flow, code, message);
select is(tests.value_as(who, tests.call('acme', 'plan')), tests.flow_id('plan')::text, format('O6: %s calculates', who))
from unnest('{acme_member, acme_north, service, platform_admin}'::text[]) as who;
select is(tests.rows_as('acme_viewer', 'select from public.' || name), 1, format('O6: a viewer reads %s of their tenant', name))
from unnest('{workflow_analytics, task_analytics}'::text[]) as name;
select is(tests.rows_as('acme_customer', 'select from public.' || name), 0, format('O6: a customer reads no %s', name))
from unnest('{workflow_analytics, task_analytics}'::text[]) as name;
select tests.throws_as('acme_owner', replace(statement, '?', name), '42501', format('permission denied for table %s', name),
  format('O6: no owner does %s', replace(statement, '?', name)))
from unnest('{workflow_analytics, task_analytics}'::text[]) as name,
  unnest(array['delete from public.?', 'update public.? set calculated_at = now()', 'insert into public.? default values']) as statement;

select * from finish();
rollback;
