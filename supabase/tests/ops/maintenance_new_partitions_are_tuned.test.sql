-- Partitions take no settings from their parent: new ones get those of their siblings, and only those without any.
begin;
\ir ../helpers/cast.psql
select plan(6);

create view tests.partitions as
  select c.relname, c.reloptions from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
  where i.inhparent = 'public.audit_log'::regclass;
select is_empty('select from tests.partitions where reloptions is null', 'P9 every month of the audit log has its settings');
create temp table before as select * from tests.partitions;
select is((select created from ops.add_partitions(14) where relation = 'public.audit_log'), 2, 'P9 two months are made');
select is((select count(*) from tests.partitions where reloptions is null), 2::bigint, 'P9 without settings');
select is((ops.run_database_maintenance() -> 'steps') @> '[{"name": "add_partitions", "status": "succeeded"}]', true,
  'P9 a run of the maintenance');
select set_eq('select reloptions from tests.partitions',
  $$values (array['autovacuum_vacuum_insert_scale_factor=0.05', 'autovacuum_freeze_min_age=0'])$$,
  'P9 gives them those of their siblings');
select is(ops.tune_partitions(), 0, 'P9 then there is nothing to do');

select * from finish();
rollback;
