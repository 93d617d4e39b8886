-- A policy names a table and a time in it. One with a typing error would never delete anything and nobody would notice.
begin;
\ir ../helpers/cast.psql
select plan(3);

select cmp_ok((select count(*) from ops.retention_policies), '>=', 7::bigint, 'P2 there are policies');
select is_empty(
  $$select p.relation, p.time_column from ops.retention_policies as p
    -- Of an extension that a database may lack.
    where p.relation <> 'cron.job_run_details' and not exists (
      select from pg_attribute as a where a.attrelid = to_regclass(p.relation) and a.attname = p.time_column
        and a.atttypid in ('timestamptz'::regtype, 'date'::regtype))$$,
  'P2 each names a table and a time that exist'
);
select set_eq(
  $$select target from ops.plan_maintenance() where name = 'clean_up' and target <> 'cron.job_run_details'$$,
  $$select relation from ops.retention_policies where keep is not null and relation <> 'cron.job_run_details'$$,
  'P2 each that keeps for some time only is planned'
);

select * from finish();
rollback;
