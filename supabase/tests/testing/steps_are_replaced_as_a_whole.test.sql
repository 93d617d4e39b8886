-- replace_visual_test_steps: the list becomes the steps, in its order, or nothing changes.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(17);

create function tests.replace_by(steps text) returns text language sql immutable return format(
  'select public.replace_visual_test_steps(tests.tenant_id(''acme''), tests.flow_id(''acme_login''), %L)', steps);

select is(tests.value_as(who, tests.replace_by('[
    {"action": "navigate", "value": "/", "description": "p"},
    {"action": "click", "target": "#q", "description": "q"}
  ]')), '2', format('T3 %s replaces the steps', who))
from unnest('{acme_member, service, operator}'::text[]) as who;
select is(tests.order_of('acme_login'), '1p 2q', 'T3 they are those of the list, in its order');
select is(tests.order_of('globex_login'), '1x', 'T3 those of another flow stay');
select lives_ok($$select tests.at_commit('select')$$, 'T3 the order is right at the end of the transaction');

select tests.throws_as('acme_member', tests.replace_by(steps), '22023', message, format('T3 refused: %s', message))
from (values
  ('{"action": "screenshot"}', 'steps must be a list.'), (null, 'steps must be a list.'),
  ('[{"action": "screenshot"}, "screenshot"]', 'Step 2 is no object.'), ('[null]', 'Step 1 is no object.'),
  ('[{"action": "screenshot", "position": 3}, 1]', 'Step 1 has an unknown key position.')
) as v (steps, message);
select tests.throws_as('acme_member', tests.replace_by('[{"action": "screenshot"}, {"action": "jump", "target": "#q"}]'), '23514',
  'new row for relation "visual_test_steps" violates check constraint "action_is_known"', 'T3 one wrong step refuses the list');
select is(tests.order_of('acme_login'), '1p 2q', 'T3 nothing was half-done');

select is(tests.value_as('acme_member', tests.replace_by('[{"action": "fill", "target": "#name", "value": "Ann",
  "expectation": {"a": 1}, "settings": {"b": 2}, "timeout_ms": 300, "description": "Name"}]')), '1', 'T3 every key is taken');
select results_eq(
  $$select position, action, target, value, expectation, settings, timeout_ms, description
    from public.visual_test_steps where flow_id = tests.flow_id('acme_login')$$,
  $$values (1, 'fill', '#name', 'Ann', '{"a": 1}'::jsonb, '{"b": 2}'::jsonb, 300, 'Name')$$,
  'T3 the step is what was sent'
);
select is(tests.value_as('acme_member', tests.replace_by('[]')), '0', 'T3 an empty list is none');
select is(tests.order_of('acme_login'), '', 'T3 it leaves no step');

select * from finish();
rollback;
