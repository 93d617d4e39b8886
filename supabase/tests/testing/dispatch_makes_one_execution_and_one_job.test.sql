-- A due run becomes one execution of the flow as it is now, one job, and the schedule's next time.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(13);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z", "settings": {"browser": "firefox"}}');

select is(tests.dispatch('2026-01-02 01:59:59Z'), '0 0 0 0', 'T5: not before its time');
select is(tests.dispatch('2026-01-02 02:00Z'), '1 0 0 0', 'T5: at its time');
select is(tests.due_times('nightly'), '{01-02 02:00}', 'T5: one execution, of the time it was due');
select is(tests.next_run('nightly'), '01-03 02:00', 'T4: and the next time');
select is(
  (select last_run_at from public.test_schedules where name = 'nightly'), '2026-01-02 02:00Z', 'T5: the schedule knows when it ran'
);
select is(tests.dispatch('2026-01-02 02:00Z'), '0 0 0 0', 'T5: again: nothing');

select results_eq(
  $$ select status, flow_version, settings, requested_by from public.scheduled_test_executions $$,
  $$ values ('queued', 1, '{"browser": "firefox"}'::jsonb, null::uuid) $$, 'T5: it is queued, with version and settings'
);
select results_eq(
  $$ select j.id, j.queue, j.type, j.payload, j.dedupe_key from public.job_queue as j $$,
  $$ select e.job_id, 'testing', 'run_test_execution',
       jsonb_build_object('execution_id', e.id, 'schedule_id', e.schedule_id, 'flow_id', e.flow_id, 'flow_version', 1),
       'execution ' || e.id
     from public.scheduled_test_executions as e $$,
  'T5: the job says what to run'
);
update public.visual_test_flows set name = 'Changed' where tenant_id = tests.tenant_id('acme');
select is(tests.dispatch('2026-01-03 02:00:20Z'), '1 0 0 0', 'T5: the next night');
select is(
  (select array_agg(flow_version order by due_at) from public.scheduled_test_executions), '{1,2}',
  'T5: runs the flow as it is then'
);

-- Somebody has moved it back.
update public.test_schedules set next_run_at = '2026-01-02 02:00Z' where name = 'nightly';
select is(tests.dispatch('2026-01-02 02:00:30Z'), '1 0 0 0', 'T5: a time that has run is passed');
select is(tests.due_times('nightly'), '{01-02 02:00,01-03 02:00}', 'T5: without a second execution');
select is((select count(*) from public.job_queue), 2::bigint, 'T5: and without a second job');

select * from finish();
rollback;
