-- insert_visual_test_step writes each of its arguments and returns the id of the step.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(3);

create temp table made as
  select tests.value_as('acme_member', $$select public.insert_visual_test_step(tests.tenant_id('acme'),
    tests.flow_id('acme_empty'), 'fill', '#name', 'Ann', '{"a": 1}', '{"b": 2}', 300, 'Name')$$)::uuid as id;
select is((select id from made), (select id from public.visual_test_steps where flow_id = tests.flow_id('acme_empty')),
  'T3 the id of the new step is returned');
select results_eq(
  $$select tenant_id, position, action, target, value, expectation, settings, timeout_ms, description
    from public.visual_test_steps where flow_id = tests.flow_id('acme_empty')$$,
  $$values (tests.tenant_id('acme'), 1, 'fill', '#name', 'Ann', '{"a": 1}'::jsonb, '{"b": 2}'::jsonb, 300, 'Name')$$,
  'T3 the step is what was sent'
);
select tests.throws_as('acme_member', $$select public.insert_visual_test_step(tests.tenant_id('acme'),
    tests.flow_id('acme_empty'), 'jump', '#name')$$, '23514',
  'new row for relation "visual_test_steps" violates check constraint "action_is_known"', 'T3 an unknown action is refused');

select * from finish();
rollback;
