-- Jobs that are not what ops.schedules says are found; ours as they should be, and jobs of others, are not.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(9);

select lives_ok('select * from ops.reconcile_schedules()', 'P3 pg_cron is reconciled');
select cron.schedule('somebody-elses', '* * * * *', 'select 1');
select is_empty('select * from ops.check_schedules_reconciled()', 'P1 all jobs are as they should be');

select cron.unschedule(jobid) from cron.job where jobname::text = 'rowhouse:_watch';
select cron.alter_job(jobid, active := false) from cron.job where jobname::text = 'rowhouse:add-partitions';
select cron.schedule('rowhouse:refresh-views', '1 1 1 1 *', 'select 2'), cron.schedule('rowhouse:gone', '* * * * *', 'select 1');
select set_eq('select key, status, facts ->> ''difference'' from ops.check_schedules_reconciled()',
  $$values ('rowhouse:_watch', 'critical', 'missing'), ('rowhouse:add-partitions', 'critical', 'inactive'),
    ('rowhouse:refresh-views', 'warn', 'changed'), ('rowhouse:gone', 'warn', 'foreign')$$,
  'P1 a missing, an inactive, a changed and an unknown job are found');
select results_eq('select distinct remedy from ops.check_schedules_reconciled()',
  array['select * from ops.reconcile_schedules();'], 'P1 with what mends them');
select lives_ok('select * from ops.reconcile_schedules()', 'P1 which somebody runs');
select is_empty('select * from ops.check_schedules_reconciled()', 'P1 then nothing is left');

select cron.alter_job(jobid, command := 'select 3') from cron.job where jobname::text = 'rowhouse:add-partitions';
select set_eq('select key, facts ->> ''difference'' from ops.check_schedules_reconciled()',
  $$values ('rowhouse:add-partitions', 'changed')$$, 'P1 another command is found');
create or replace function ops.scheduler() returns text language sql stable set search_path = '' return 'external';
select is_empty('select * from ops.check_schedules_reconciled()', 'P1 of another scheduler nothing is asked');
select is(ops.run_health_check('schedules_reconciled') ->> 'status', 'ok', 'P1 and that is no worry');

select * from finish();
rollback;
