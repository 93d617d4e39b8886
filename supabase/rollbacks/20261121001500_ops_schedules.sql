-- The schedules and the history of their runs are lost.
drop table ops.schedule_runs;
drop table ops.schedules;
drop function ops.is_cron(text);
