-- The thresholds that operators set for these checks are lost.
drop function ops.check_role_timeouts();
drop function ops.check_cache_hit();
drop function ops.check_checkpoints_requested();
drop function ops.check_rollbacks();
drop function ops.check_deadlocks();
drop function ops.check_temp_files();
drop function ops.check_replication();
drop function ops.check_multixact_wraparound();
drop function ops.check_wraparound();
drop function ops.require_sample(text, text, numeric);
delete from ops.health_checks
where name in (
  'wraparound', 'multixact_wraparound', 'replication', 'temp_files', 'deadlocks', 'rollbacks', 'checkpoints_requested',
  'cache_hit', 'role_timeouts'
);
drop function ops.get_role_timeouts();
drop function ops.setting_milliseconds(text);
drop function ops.get_cache_hit_ratio(integer);
drop function ops.get_database_counters();
drop function ops.get_replication_stats();
drop function ops.get_wraparound_risk();
