-- After downtime a schedule runs once, however often it was missed; asked to, it runs beside its times.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(10);

update ops.schedules set is_enabled = false;
create function tests.due(grace interval default '2 minutes') returns setof text language sql
  begin atomic; select * from ops.list_due_schedules(grace); end;

select tests.add_schedule('often', 'select 1', '* * * * *');
select tests.add_schedule('never', 'select 1', '0 0 30 2 *');
select is_empty('select tests.due()', 'P3 a new schedule has missed nothing');
insert into ops.schedule_runs (schedule_name, started_at, finished_at, status)
values ('often', now() - interval '3 days', now() - interval '3 days', 'succeeded');
select set_eq('select tests.due()', array['often'], 'P3 after three days it is due, once');
select is((select status from tests.run('often')), 'succeeded', 'P3 it runs');
select is_empty('select tests.due()', 'P3 and that was that');

update ops.schedule_runs set started_at = now() - interval '70 seconds', finished_at = now() where schedule_name = 'often';
select is_empty('select tests.due()', 'P3 within the grace a run is left to pg_cron');
select set_eq('select tests.due(''0'')', array['often'], 'P3 a scheduler without it takes the run');
update ops.schedules set is_enabled = false where name = 'often';
select is_empty('select tests.due(''0'')', 'P3 one that is switched off is never due');

select isnt(tests.value_as('platform_admin', $$select ops.run_schedule_now('never')$$), null,
  'P3 somebody asks for a run');
select set_eq('select tests.due()', array['never'], 'P3 it is due at once');
select tests.run('never');
select is_empty('select tests.due()', 'P3 and once');

select * from finish();
rollback;
