-- A member moves a workflow to a status and a phase; nobody else moves it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(15);

update public.workflows set phases = '[{"name": "design"}, {"name": "build"}]' where id = tests.flow_id('plan');
create function tests.move(status text, phase text default null, flow text default 'plan', tenant text default 'acme')
  returns text language sql
  return (select concat_ws(' ', u.previous_status, u.new_status, u.progress)
    from public.update_workflow_status(tests.tenant_id(tenant), tests.flow_id(flow), status, phase) as u);
grant execute on function tests.move(text, text, text, text) to anon, authenticated, service_role;
create view tests.phase as select current_phase from public.workflows where id = tests.flow_id('plan');

select is(tests.value_as('acme_member', $$select tests.move('paused', 'design')$$), 'active paused 0',
  'O1: from what, to what, how far it is');
select is((table tests.phase), 'design', 'O1: and in which phase');
select is(tests.value_as('acme_member2', $$select tests.move('active')$$), 'paused active 0', 'O1: without a phase');
select is((table tests.phase), 'design', 'O1: it stays in the one it is in');
select is(tests.value_as('service', $$select tests.move('active', 'build')$$), 'active active 0',
  'O1: the service role moves it to the next phase');
select tests.throws_as(who, format('select tests.move(%s)', arguments), code, message, format('O1: %s, %s', who, arguments))
from (values
  ('acme_member', '''planned''', 'PT409', 'A workflow that is active cannot become planned.'),
  ('acme_member', '''active'', ''sale''', '23514',
    'new row for relation "workflows" violates check constraint "current_phase_is_one_of_the_phases"'),
  ('acme_member', '''paused'', flow => ''globex''', 'PT404', 'There is no such workflow.'),
  ('acme_member', '''paused'', flow => ''nothing''', 'PT404', 'There is no such workflow.'),
  ('both_member', '''paused'', flow => ''globex''', 'PT404', 'There is no such workflow.'),
  ('acme_member', '''paused'', flow => ''globex'', tenant => ''globex''', 'PT404', 'There is no such tenant.'),
  ('acme_viewer', '''paused''', '42501', 'This needs the role member or a higher one.'),
  ('visitor', '''paused''', '42501', 'permission denied for function update_workflow_status')
) as v (who, arguments, code, message);
select is(
  tests.refusal('acme_member', $$select from public.update_workflow_status(tests.tenant_id('acme'), null, 'paused')$$),
  'PT404 | There is no such workflow. | workflow_id null | Check the id.', 'O1: no id at all'
);
select is((table tests.phase), 'build', 'O1: nothing of it is there');

select * from finish();
rollback;
