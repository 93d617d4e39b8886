-- After a pause: one run for all that were missed, or only what is not later than the grace.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(20);
select tests.schedule('catch up', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z"}');
select tests.schedule('skip', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z", "missed_runs": "skip"}');
select tests.schedule('every', '{"kind": "interval", "every": "40 minutes", "next_run_at": "2026-01-02 02:10Z"}');
select tests.schedule('every skip', '{"kind": "interval", "every": "40 minutes", "next_run_at": "2026-01-02 02:10Z", "missed_runs": "skip", "grace": "30 minutes"}');
select tests.schedule('once', '{"kind": "once", "run_at": "2026-01-02 02:00Z", "next_run_at": "2026-01-02 02:00Z"}');
select tests.schedule('once skip', '{"kind": "once", "run_at": "2026-01-02 02:00Z", "next_run_at": "2026-01-02 02:00Z", "missed_runs": "skip"}');

select is(tests.dispatch('2026-01-02 06:20Z'), '4 2 0 0', 'T5: four hours late');
select is(tests.due_times('catch up'), '{01-02 02:00}', 'T5: run_once: the first of those missed stands for all');
select is(tests.next_run('catch up'), '01-02 07:00', 'T5: then the next time that is to come');
select is(tests.due_times('skip'), '{}', 'T5: skip: none');
select is(tests.next_run('skip'), '01-02 07:00', 'T5: and the next time');
select is(
  (select last_error from public.test_schedules where name = 'skip'),
  format('Missed: the run of %s was late by more than 00:05:00.', '2026-01-02 02:00Z'::timestamptz), 'T5: it says so'
);
select is((select last_run_at from public.test_schedules where name = 'skip'), null, 'T5: it did not run');
select is(tests.due_times('every'), '{01-02 02:10}', 'T5: an interval is made up for once');
select is(tests.next_run('every'), '01-02 06:50', 'T4: and keeps its rhythm');
select is(tests.due_times('every skip'), '{01-02 06:10}', 'T5: a later one that is within the grace runs');
select is(tests.next_run('every skip'), '01-02 06:50', 'T4: in the same rhythm');
select is(tests.due_times('once'), '{01-02 02:00}', 'T5: once is made up for');
select is(tests.due_times('once skip'), '{}', 'T5: or skipped');
select is(
  (select array_agg(is_enabled or next_run_at is not null) from public.test_schedules where kind = 'once'), '{f,f}',
  'T5: and over in both cases'
);

select is(tests.dispatch('2026-01-02 07:05Z'), '4 0 0 0', 'T5: late by no more than the grace');
select is(tests.due_times('skip'), '{"01-02 07:00"}', 'T5: is not missed');
select is((select last_error from public.test_schedules where name = 'skip'), null, 'T5: and the complaint is gone');
select is(tests.dispatch('2026-01-02 08:05:00.000001Z'), '2 2 0 0', 'T5: later by a microsecond, as an interval is by 35 minutes');
select is(tests.due_times('skip'), '{"01-02 07:00"}', 'T5: is');
select is((select last_run_at from public.test_schedules where name = 'skip'), '2026-01-02 07:05Z', 'T5: its last run stays known');

select * from finish();
rollback;
