-- The history of the maintenance and what operators set for retention are lost; what was deleted
-- stays deleted.
delete from ops.schedules where name in ('run-maintenance-quick', 'run-maintenance-full');
drop function ops.run_database_maintenance(text);
drop function ops.finish_maintenance(uuid);
drop function ops.run_maintenance_step(uuid, text, text);
drop function ops.record_maintenance_step(uuid, text, text, text, numeric, bigint, boolean, text, text);
drop function ops.begin_maintenance(text, boolean);
drop function ops.plan_maintenance(text, boolean);
drop function ops.list_upkeep();
drop function ops.get_autovacuum_setting(text[], text);
drop function ops.tune_partitions();
drop function ops.clean_up(text);
drop function ops.drop_old_partitions(regclass, text, timestamptz, integer);
drop table ops.maintenance_steps;
drop table ops.maintenance_runs;
drop table ops.retention_policies;
