-- The thresholds that operators set for the check are lost.
delete from ops.health_checks where name = 'slow_queries';
drop function ops.check_slow_queries();
drop function ops.get_slow_queries(bigint, integer);
drop function ops.statements_since();
drop function ops.read_statements();
