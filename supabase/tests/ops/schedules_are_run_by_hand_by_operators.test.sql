-- Operators see how schedules fare and ask for a run; nobody else does either.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(15);

select tests.add_schedule('steady', 'select 1', '0 3 * * *');
select tests.add_schedule('off', 'select 1');
update ops.schedules set is_enabled = false where name = 'off';
insert into ops.schedule_runs (schedule_name, started_at, finished_at, status, error)
select 'steady', now() - n * interval '1 day', now() - n * interval '1 day' + n * interval '1 second',
  case when n <= 2 then 'failed' else 'succeeded' end, case when n <= 2 then 'x' end
from generate_series(1, 22) as n;

select tests.throws_as(who, call, '42501', message, format('P3 %s: %s', who, call))
from (values ('select * from ops.get_schedules()'), ('select ops.run_schedule_now(''steady'')')) as c (call)
cross join (values ('acme_owner', 'This needs a platform administrator or the service role.'),
  ('visitor', 'permission denied for schema ops')) as w (who, message);
select is(tests.rows_as(who, 'select * from ops.get_schedules()'), (select count(*)::integer from ops.schedules),
  format('P3 %s sees all of them', who))
from (values ('platform_admin'), ('service')) as w (who);
select tests.lives_as(who, 'select ops.run_schedule_now(''steady'')', format('P3 %s asks for a run', who))
from (values ('platform_admin'), ('service')) as w (who);
select tests.throws_as('service', 'select ops.run_schedule_now(''nothing'')', 'PT404', 'There is no such schedule.',
  'P3 not for one that is not there');
select tests.throws_as('service', 'select ops.run_schedule_now(''off'')', 'PT409', 'This schedule is switched off.',
  'P3 not for one that is switched off');
select is((select run_requested_at from ops.schedules where name = 'off'), null, 'P3 of which nothing is kept');

select results_eq(
  $$select cron, is_enabled, last_status, last_error, last_duration_ms, p95_duration_ms, failures_in_a_row, next_due_at
    from ops.get_schedules() where name = 'steady'$$,
  -- Twenty successes of 3 to 22 s: the 95th is between the 19th and the 20th.
  $$values ('0 3 * * *', true, 'failed', 'x', 1000.0, 21050.0, 2, ops.next_run_due('0 3 * * *', now()))$$,
  'P3 the last run, its past, and when it is next'
);
select results_eq($$select next_due_at, missed_runs from ops.get_schedules() where name = 'off'$$,
  $$values (null::timestamptz, 0)$$, 'P3 one that is switched off is not due');
delete from ops.schedule_runs where schedule_name = 'steady' and started_at < now() - interval '20 days 1 hour';
select is((select p95_duration_ms from ops.get_schedules() where name = 'steady'), null,
  'P3 of fewer than twenty successes nothing is concluded');
select is((select updated_at from ops.schedules where name = 'steady'), now(), 'P3 (all of it in one transaction)');

select * from finish();
rollback;
