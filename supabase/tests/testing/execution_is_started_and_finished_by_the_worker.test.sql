-- The worker learns what to run, and ends it with results.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(22);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z", "settings": {"browser": "firefox"}}');
select tests.dispatch('2026-01-02 02:00Z');
update public.visual_test_flows set name = 'Changed since';
create function tests.execution() returns uuid language sql stable
  return (select e.id from public.scheduled_test_executions as e);
create function tests.call(name text, arguments text, tenant text default 'acme') returns text language sql immutable
  return format('select * from public.%s_test_execution(%L, %s)', name, tests.tenant_id(tenant), arguments);
grant execute on function tests.execution(), tests.call(text, text, text) to authenticated, service_role;

select tests.sign_in_as_service();
select throws_ok(tests.call('finish', $$tests.execution(), 'passed'$$), 'PT409',
  'An execution that is queued cannot become passed.', 'T5: not finished before it began');
select results_eq(
  replace(tests.call('start', 'tests.execution()'), '*', $$flow_id, flow_version, flow ->> 'name', settings$$),
  $$ values (tests.id('flow', 'acme'), 1, 'Login', '{"browser": "firefox"}'::jsonb) $$,
  'T5: started: the flow as it was frozen'
);
select is((select status from public.scheduled_test_executions), 'running', 'T5: it runs');
select lives_ok(tests.call('start', 'tests.execution()'), 'T5: and again, when the first worker was lost');
select throws_ok(tests.call('finish', format('tests.execution(), %s', s)), '22023',
  'status must be passed, failed, error or cancelled.', 'T5: no end is ' || s)
from unnest(array['''running''', '''queued''', '''done''', 'null']) as s;
select throws_ok(tests.call('finish', $$tests.execution(), 'passed', '[]'$$), '23514',
  'new row for relation "scheduled_test_executions" violates check constraint "results_is_an_object_of_at_most_1_mb"',
  'T5: results are an object');
select lives_ok(tests.call('finish', $$tests.execution(), 'failed', '{"steps": 3}', repeat('x', 10001)$$), 'T5: it is finished');
select results_eq(
  $$ select status, results, char_length(error) from public.scheduled_test_executions $$,
  $$ values ('failed', '{"steps": 3}'::jsonb, 10000) $$, 'T5: with results, and an error that is cut'
);
select throws_ok(tests.call('finish', $$tests.execution(), 'failed'$$), 'PT409',
  'An execution that is failed cannot become failed.', 'T5: it ends once');
select throws_ok(tests.call('start', 'tests.execution()'), 'PT409',
  'An execution that is failed cannot become running.', 'T5: and does not begin again');
select throws_ok(tests.call(c.name, c.arguments, c.tenant), 'PT404', 'There is no such execution.', 'T5: unknown: ' || c.name)
from (values
  ('start', 'gen_random_uuid()', 'acme'), ('start', 'tests.execution()', 'globex'), ('start', 'null', 'acme'),
  ('finish', $$gen_random_uuid(), 'passed'$$, 'acme'), ('finish', $$tests.execution(), 'passed'$$, 'globex')
) as c (name, arguments, tenant);

select tests.as_operator();
update public.test_schedules set next_run_at = '2026-01-03 02:00Z';
delete from public.scheduled_test_executions;
select tests.dispatch('2026-01-03 02:00Z');
select tests.sign_in_as_service();
select lives_ok(tests.call('finish', $$tests.execution(), 'error', null, 'No browser.'$$), 'T5: one that could not begin is an error');
select results_eq(
  $$ select status, results, error from public.scheduled_test_executions $$,
  $$ values ('error', '{}'::jsonb, 'No browser.') $$, 'T5: without results'
);
select throws_ok($$ update public.scheduled_test_executions set status = 'passed' $$, '42501',
  'permission denied for table scheduled_test_executions', 'T5: the worker writes by these functions only');
select tests.as_operator();
delete from public.test_schedules;
select results_eq($$ select count(*), count(schedule_id) from public.scheduled_test_executions $$, $$ values (1::bigint, 0::bigint) $$,
  'T5: what a schedule ran outlives it');

select * from finish();
rollback;
