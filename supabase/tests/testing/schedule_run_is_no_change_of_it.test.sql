-- A run leaves no trace in the log; a change of the schedule, its end too, does.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(6);
select tests.schedule('hourly', '{"kind": "interval", "every": "1 hour", "next_run_at": "2026-01-01 10:00Z"}');
select tests.schedule('once', '{"kind": "once", "run_at": "2026-01-01 10:00Z", "next_run_at": "2026-01-01 10:00Z"}');

create function tests.log_of(name text) returns bigint language sql stable return (
  select count(*) from public.audit_log as a
  where a.table_name = 'public.test_schedules' and a.row_key ->> 'id' = tests.schedule_id(name)::text and a.verb = 'update'
);
select is(tests.dispatch('2026-01-01 10:00:30Z'), '2 0 0 0', 'T5: both run');
select is(tests.log_of('hourly'), 0::bigint, 'T5: and nothing for the log');
select is((select is_enabled from public.test_schedules where name = 'once'), false, 'T5: after its last run it is off');
select is(tests.log_of('once'), 1::bigint, 'T5: that is');
update public.test_schedules set name = 'Renamed' where name = 'hourly';
select is(tests.log_of('hourly'), 1::bigint, 'T4: a change is logged');
delete from public.test_schedules;
select is(
  (select array_agg(a.verb order by a.verb) from public.audit_log as a
   where a.table_name = 'public.test_schedules' and a.row_key ->> 'id' = tests.schedule_id('hourly')::text),
  '{delete,insert,update}', 'T4: making and deleting one, too'
);

select * from finish();
rollback;
