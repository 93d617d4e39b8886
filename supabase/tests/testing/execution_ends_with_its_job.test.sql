-- An execution whose job is over without a word of the worker does not look as if it still ran.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(10);
select tests.schedule('s' || n, '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}') from generate_series(1, 5) as n;
select tests.dispatch('2026-01-02 02:00Z');
create function tests.state(schedule text) returns text language sql stable
  return (
    select concat_ws(': ', e.status, e.error) from public.scheduled_test_executions as e
    where e.schedule_id = tests.schedule_id(schedule)
  );
create function tests.job_of(schedule text) returns uuid language sql stable
  return (
    select e.job_id from public.scheduled_test_executions as e where e.schedule_id = tests.schedule_id(schedule)
  );
select is(private.end_lost_test_executions(), 0, 'T5: nothing is lost as long as the jobs wait');

select public.claim_jobs('testing', 'worker', 5);
select is(private.end_lost_test_executions(), 0, 'T5: or run');
select public.start_test_execution(e.tenant_id, e.id) from public.scheduled_test_executions as e
where e.schedule_id in (tests.schedule_id('s1'), tests.schedule_id('s4'), tests.schedule_id('s5'));
select public.finish_test_execution(e.tenant_id, e.id, 'passed') from public.scheduled_test_executions as e
where e.schedule_id = tests.schedule_id('s4');
select public.fail_job(j.lease_id, j.id, 'The worker burned.', is_permanent => true) from public.job_queue as j
where j.id = tests.job_of('s1');
select public.cancel_job(tests.tenant_id('acme'), tests.job_of('s2'));
select public.cancel_job(tests.tenant_id('acme'), tests.job_of('s3'));
delete from public.finished_jobs where id = tests.job_of('s3');
select public.cancel_job(tests.tenant_id('acme'), tests.job_of('s4'));

select is(private.end_lost_test_executions(), 3, 'T5: three of them have lost their job');
select is(tests.state('s1'), 'error: The worker burned.', 'T5: a dead job says why');
select is(tests.state('s2'), 'error: Its job is over: cancelled.', 'T5: a cancelled one that it was');
select is(tests.state('s3'), 'error: Its job is over: gone.', 'T5: one that retention took is gone');
select is(tests.state('s4'), 'passed', 'T5: what had come to its end keeps it');
select is(tests.state('s5'), 'running', 'T5: what runs goes on');
select is(private.end_lost_test_executions(), 0, 'T5: once');
select set_eq(
  $$select name, kind, target, cron from ops.schedules where name in ('process-jobs', 'end-lost-executions')$$,
  $$values ('process-jobs', 'function', 'process-jobs', '* * * * *'),
    ('end-lost-executions', 'sql', 'select private.end_lost_test_executions()', '* * * * *')$$,
  'T5: each minute the jobs are taken and the lost ones looked for'
);

select * from finish();
rollback;
