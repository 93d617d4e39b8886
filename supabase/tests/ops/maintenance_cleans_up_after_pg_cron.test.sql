-- pg_cron keeps every run for ever. Where it is, its old runs go with ours; where it is not, nothing is missed.
begin;
\ir ../helpers/cast.psql
select plan(4);

select is(
  (select count(*) from ops.plan_maintenance() where target = 'cron.job_run_details'),
  (select count(*) from pg_class where oid = to_regclass('cron.job_run_details')), 'P2 it is planned where it is'
);
do $$
begin
  if to_regclass('cron.job_run_details') is null then
    create schema cron;
    create table cron.job_run_details (
      runid bigint primary key, jobid bigint, status text, start_time timestamptz, end_time timestamptz);
  end if;
end
$$;
insert into cron.job_run_details (runid, jobid, status, start_time, end_time)
values (-1, -1, 'succeeded', now() - interval '15 days', now() - interval '15 days'),
  (-2, -1, 'succeeded', now() - interval '13 days', now() - interval '13 days'),
  (-3, -1, 'running', now() - interval '15 days', null);
select is(ops.run_database_maintenance() ->> 'status', 'succeeded', 'P2 a run');
select set_eq('select runid from cron.job_run_details where runid < 0', array[-2, -3]::bigint[],
  'P2 deletes the old one, and neither a young one nor one that still runs');
select is((select row_count from ops.maintenance_steps where target = 'cron.job_run_details') >= 1, true,
  'P2 and counts it');

select * from finish();
rollback;
