-- The thresholds that operators set are lost.
drop function ops.relation_bytes(oid);
drop function ops.database_health_check();
drop function ops.run_health_check(text);
drop function ops.judge(text, text, numeric);
drop table ops.health_thresholds;
drop table ops.health_checks;
drop type ops.finding;
revoke usage on schema ops from authenticated;
drop function private.require_operator();
