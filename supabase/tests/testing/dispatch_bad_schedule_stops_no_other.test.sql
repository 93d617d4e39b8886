-- One that cannot run says why and goes on at its next time; the others run.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(11);
insert into public.visual_test_flows (tenant_id, id, name, is_archived)
values (tests.tenant_id('acme'), tests.id('flow', 'archived'), 'Archived', true);
select tests.schedule('archived', jsonb_build_object(
  'cron', '0 * * * *', 'next_run_at', '2026-01-02 02:00Z', 'flow_id', tests.id('flow', 'archived')));
select tests.schedule('good', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z"}');
alter table public.test_schedules disable trigger _290_check_cron;
select tests.schedule('lost', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z", "time_zone": "Mars/Base"}');
alter table public.test_schedules enable trigger _290_check_cron;

select is(tests.dispatch('2026-01-02 02:00Z'), '1 0 2 0', 'T5: one runs, two fail');
select is(tests.due_times('good'), '{01-02 02:00}', 'T5: the good one has run');
select is((select last_error from public.test_schedules where name = 'good'), null, 'T5: and has nothing to complain of');
select is(
  (select last_error from public.test_schedules where name = 'archived'), 'The flow is archived. (PT409)', 'T5: the bad one says why'
);
select is(tests.next_run('archived'), '01-02 03:00', 'T5: and is tried again at its next time');
select is((select last_run_at from public.test_schedules where name = 'archived'), null, 'T5: it did not run');
select is(tests.due_times('archived'), '{}', 'T5: and has no execution');
select results_eq(
  $$ select is_enabled, last_error from public.test_schedules where name = 'lost' $$,
  $$ values (false, 'time zone "Mars/Base" not recognized (22023)') $$, 'T5: one without a next time is switched off'
);
update public.visual_test_flows set is_archived = false where name = 'Archived';
select is(tests.dispatch('2026-01-02 03:00Z'), '2 0 0 0', 'T5: no longer archived, it runs');
select is(tests.due_times('archived'), '{"01-02 03:00"}', 'T5: once');
select is((select last_error from public.test_schedules where name = 'archived'), null, 'T5: and is content');

select * from finish();
rollback;
