-- What was resolved stays so.
delete from ops.schedules where name = 'resolve-quiet-alerts';
drop function ops.resolve_quiet_alerts();
