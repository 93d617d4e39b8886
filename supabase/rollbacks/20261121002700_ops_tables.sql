-- The thresholds that operators set for the checks are lost.
delete from ops.health_checks
where name in (
  'table_bloat', 'index_bloat', 'autovacuum', 'analyze', 'sequences', 'not_validated_constraints'
);
drop function ops.check_not_validated_constraints();
drop function ops.get_not_validated_constraints();
drop function ops.check_sequences();
drop function ops.get_sequence_exhaustion();
drop function ops.read_sequence(oid);
drop function ops.check_analyze();
drop function ops.check_autovacuum();
drop function ops.get_vacuum_stats();
drop function ops.check_index_bloat();
drop function ops.check_table_bloat();
drop function ops.find_bloat(text, text);
drop function ops.get_table_bloat_stats(boolean);
drop function ops.measure_table(oid);
drop function ops.get_table_sizes();
