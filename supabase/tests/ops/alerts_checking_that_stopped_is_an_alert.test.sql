-- No health run for two intervals of its schedule is an alert by whoever still runs, and resolves by itself.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(13);

create function tests.last_run(age interval) returns void language sql
  begin atomic;
    delete from ops.health_runs;
    insert into ops.health_runs (started_at) values (clock_timestamp() - last_run.age);
  end;
create function tests.watch() returns text language sql
  return (select concat_ws(' ', w -> 'events', w -> 'resolved') from ops.watch_health_runs() as w);
-- Other checks may find something about the same schedule.
update ops.health_checks set is_enabled = name = 'health_runs_are_recent';
-- The schedule is as old as its last change.
alter table ops.schedules disable trigger _200_touch;
update ops.schedules set updated_at = now() - interval '1 year' where name = 'health-check';

select tests.last_run('29 minutes');
select is(tests.watch(), '[] 0', 'P4 29 minutes ago of 15: in order');
select tests.last_run('31 minutes');
select is(tests.watch(), '["opened"] 0', 'P4 31 minutes ago: it stopped');
select is(tests.alert_state('health-check') || ' ' || tests.watch(), 'open warn [] 0', 'P4 told once, each minute or not');
select tests.last_run('61 minutes');
select is(tests.watch(), '["raised"] 0', 'P4 four intervals are critical');
select is((select ops.record_health_check() ->> 'recorded'), 'true', 'P4 a run is recorded');
select is(tests.watch(), '[] 1', 'P4 the alert resolves by itself');
select is(tests.told('health-check'), 'opened raised resolved', 'P4 and that is told');

delete from ops.health_runs;
select is(tests.watch(), '["reopened"] 0', 'P4 no run at all');
update ops.schedules set updated_at = now() - interval '20 minutes' where name = 'health-check';
select tests.last_run('1 day');
select is(tests.rows('select from ops.check_health_runs_are_recent()'), 0, 'P4 a schedule that was just changed is owed nothing yet');
update ops.schedules set cron = '0 * * * *', updated_at = now() - interval '1 year' where name = 'health-check';
select tests.last_run('61 minutes');
select is(tests.rows('select from ops.check_health_runs_are_recent()'), 0, 'P4 an hourly schedule may take an hour');
update ops.schedules set cron = '0 3 * * 1' where name = 'health-check';
select is(ops.run_health_check('health_runs_are_recent') ->> 'reason', 'The schedule health-check does not run every day (0 3 * * 1).',
  'P1 of another cron nothing is said');
update ops.schedules set is_enabled = false where name = 'health-check';
select is(ops.run_health_check('health_runs_are_recent') ->> 'status', 'skipped', 'P1 switched off, it is skipped');
update ops.schedules set cron = '*/15 * * * *', is_enabled = true, updated_at = now() - interval '1 year' where name = 'health-check';
update ops.health_checks set is_enabled = false where name = 'health_runs_are_recent';
select is(tests.watch(), '[] 0', 'P1 without the check nobody watches');

select * from finish();
rollback;
