-- The thresholds that operators set for these checks are lost.
drop function ops.check_xmin_horizon();
drop function ops.check_long_queries();
drop function ops.check_idle_in_transaction();
drop function ops.check_long_transactions();
drop function ops.check_blocking_locks();
drop function ops.check_connections();
delete from ops.health_checks
where name in (
  'connections', 'blocking_locks', 'long_transactions', 'idle_in_transaction', 'long_queries', 'xmin_horizon'
);
drop function ops.get_xmin_holders();
drop function ops.get_long_transactions(interval);
drop function ops.get_blocking_locks();
drop function ops.get_connection_stats();
drop function ops.shown_query(text);
drop function ops.seconds_since(timestamptz);
drop function ops.session_remedy(integer, timestamptz, text);
drop function ops.session_key(integer, timestamptz);
drop function ops.require_statistics();
