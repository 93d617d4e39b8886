-- Viewers and up ask for the next tasks of their tenant's workflows.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(14);

select tests.add_task('one');
select tests.add_task('of globex', flow => 'globex', tenant => 'globex');
select is(tests.value_as(who, $$select title from public.next_tasks(tests.tenant_id('acme'), tests.flow_id('plan'))$$), 'one',
  format('O2: %s', who))
from unnest(array['acme_viewer', 'acme_member', 'service', 'both_member']) as who;
select tests.throws_as(who, format('select from public.next_tasks(%s)', arguments), code, message,
  format('O2: %s, %s', who, arguments))
from (values
  ('acme_customer', 'tests.tenant_id(''acme''), tests.flow_id(''plan'')', '42501', 'This needs the role viewer or a higher one.'),
  ('globex_member', 'tests.tenant_id(''acme''), tests.flow_id(''plan'')', 'PT404', 'There is no such tenant.'),
  ('both_member', 'tests.tenant_id(''acme''), tests.flow_id(''globex'')', 'PT404', 'There is no such workflow.'),
  ('service', 'tests.tenant_id(''acme''), tests.flow_id(''globex'')', 'PT404', 'There is no such workflow.'),
  ('acme_viewer', 'tests.tenant_id(''acme''), tests.flow_id(''nothing'')', 'PT404', 'There is no such workflow.'),
  ('acme_viewer', 'tests.tenant_id(''acme''), tests.flow_id(''plan''), 0', '22023', 'page_size must be between 1 and 1000.'),
  ('acme_viewer', 'tests.tenant_id(''acme''), tests.flow_id(''plan''), 1001', '22023', 'page_size must be between 1 and 1000.'),
  ('visitor', 'tests.tenant_id(''acme''), tests.flow_id(''plan'')', '42501', 'permission denied for function next_tasks')
) as v (who, arguments, code, message);
select is(tests.refusal('acme_viewer', $$select from public.next_tasks(tests.tenant_id('acme'), tests.flow_id('plan'), null)$$),
  '22023 | page_size must be between 1 and 1000. | page_size null', 'O2: no size at all');
select is(tests.refusal('acme_viewer', $$select from public.next_tasks(tests.tenant_id('acme'), null)$$),
  'PT404 | There is no such workflow. | workflow_id null | Check the id.', 'O2: no id at all');

select * from finish();
rollback;
