-- The thresholds that operators set for the checks are lost.
delete from ops.health_checks
where name in (
  'unused_indexes', 'duplicate_indexes', 'invalid_indexes', 'foreign_keys_without_index', 'missing_indexes'
);
drop function ops.check_missing_indexes();
drop function ops.check_foreign_keys_without_index();
drop function ops.get_missing_indexes();
drop function ops.prove_index(oid, name);
drop function ops.guess_columns(oid[]);
drop function ops.check_invalid_indexes();
drop function ops.get_invalid_indexes();
drop function ops.check_duplicate_indexes();
drop function ops.get_duplicate_indexes();
drop function ops.check_unused_indexes();
drop function ops.get_unused_indexes(bigint);
drop function ops.list_foreign_keys();
drop function ops.list_indexes();
drop function ops.split_expressions(text);
drop function ops.statistics_since();
