-- A member runs a schedule now, enabled or not; its own times stay as they are.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(12);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}');
select tests.schedule('off', '{"cron": "0 2 * * *", "is_enabled": false}');
create function tests.running(name text, tenant text default 'acme') returns text language sql immutable return format(
  'select execution_id, job_id from public.run_test_schedule_now(%L, %L)', tests.tenant_id(tenant), tests.schedule_id(name)
);
grant execute on function tests.running(text, text) to authenticated, service_role;

select tests.throws_as('acme_viewer', tests.running('nightly'), '42501', 'This needs the role member or a higher one.', 'T5: no viewer');
select tests.throws_as('globex_member', tests.running('nightly'), 'PT404', 'There is no such tenant.', 'T5: nobody of another tenant');
select tests.throws_as('globex_member', tests.running('nightly', 'globex'), 'PT404', 'There is no such schedule.', 'T5: nor by its id');

select tests.sign_in('acme_member');
select is(tests.rows(tests.running('nightly')), 1, 'T5: a member runs it');
select is(tests.rows(tests.running('nightly')), 1, 'T5: and once more');
select results_eq(
  $$ select status, requested_by, due_at between now() and clock_timestamp() from public.scheduled_test_executions $$,
  $$ select 'queued', tests.user_id('acme_member'), true from generate_series(1, 2) $$, 'T5: two executions, of this moment'
);
select tests.as_operator();
select results_eq(
  $$ select j.id from public.job_queue as j order by j.id $$,
  $$ select e.job_id from public.scheduled_test_executions as e order by e.job_id $$, 'T5: and their jobs'
);
select is(tests.next_run('nightly'), '01-02 02:00', 'T5: its next run is still due');
select is((select last_run_at from public.test_schedules where name = 'nightly'), null, 'T5: which has not run');
select is(tests.rows_as('service', tests.running('off')), 1, 'T5: the service role runs one that is off');
select is(
  (select requested_by from public.scheduled_test_executions where schedule_id = tests.schedule_id('off')), null, 'T5: for nobody'
);
update public.visual_test_flows set is_archived = true;
select tests.throws_as('acme_member', tests.running('nightly'), 'PT409', 'The flow is archived.', 'T5: an archived flow does not run');

select * from finish();
rollback;
