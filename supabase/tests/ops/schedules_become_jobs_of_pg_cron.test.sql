-- Each enabled schedule is exactly one job of pg_cron; what changes in the table changes there, and nothing else does.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(18);

create view tests.jobs as select jobname::text as job, schedule, command, jobid from cron.job where active;
create view tests.ours as select * from tests.jobs where starts_with(job, 'rowhouse:');

select cron.schedule('somebody-elses', '* * * * *', 'select 1'), cron.schedule('rowhouse:gone', '* * * * *', 'select 1');
select isnt_empty('select * from ops.reconcile_schedules()', 'P3 there is something to reconcile');
select set_eq(
  'select job, schedule from tests.ours',
  $$select 'rowhouse:' || name, cron from ops.schedules where is_enabled union all values ('rowhouse:_watch', '* * * * *')$$,
  'P3 each enabled schedule is a job, and one more looks after them'
);
select isnt_empty($$select from tests.jobs where job = 'somebody-elses'$$, 'P3 jobs of others stay');
select is_empty('select * from ops.reconcile_schedules()', 'P3 a second time there is nothing to do');

select tests.add_schedule('of-test', 'select 1', '5 4 * * *');
select results_eq($$select schedule from tests.ours where job = 'rowhouse:of-test'$$, array['5 4 * * *'],
  'P3 a new schedule is a job at once');
select tests.lives_as('service', $$update ops.schedules set cron = '6 4 * * *' where name = 'of-test'$$,
  'P3 the service role moves it');
select results_eq($$select schedule from tests.ours where job = 'rowhouse:of-test'$$, array['6 4 * * *'],
  'P3 and the job moves with it');
select tests.lives_as('service', $$update ops.schedules set is_enabled = false where name = 'of-test'$$,
  'P3 the service role switches it off');
select is_empty($$select from tests.ours where job = 'rowhouse:of-test'$$, 'P3 and the job is gone');
update ops.schedules set is_enabled = true where name = 'of-test';
select isnt_empty($$select from tests.ours where job = 'rowhouse:of-test'$$, 'P3 switched on, it is back');
delete from ops.schedules where name = 'of-test';
select is_empty($$select from tests.ours where job = 'rowhouse:of-test'$$, 'P3 deleted, it is gone');

select cron.alter_job(jobid, active := false) from cron.job where jobname::text = 'rowhouse:add-partitions';
select cron.schedule('rowhouse:refresh-views', '1 1 1 1 *', 'select 2');
select cron.unschedule(jobid) from cron.job where jobname::text = 'rowhouse:_watch';
select set_eq('select job, difference from ops.reconcile_schedules()',
  $$values ('rowhouse:_watch', 'missing'), ('rowhouse:add-partitions', 'inactive'), ('rowhouse:refresh-views', 'changed')$$,
  'P3 what somebody did by hand is mended');
select is_empty('select * from ops.list_job_differences()', 'P3 all of it');
select is_empty($$select job from tests.ours where command ~* 'ssss|bearer|https?:|net\.|vault'$$,
  'P3 no job holds the secret or the address');

savepoint full_table;
truncate ops.schedules, ops.schedule_runs;
select set_eq('select job from tests.ours', $$values ('rowhouse:_watch')$$, 'P3 without schedules, only who looks after them is left');
rollback to savepoint full_table;
select is_empty('select * from ops.list_job_differences()', 'P3 (and as it was)');

create or replace function ops.scheduler() returns text language sql stable set search_path = '' return 'external';
select tests.add_schedule('of-others', 'select 1');
select is_empty($$select from tests.ours where job = 'rowhouse:of-others'$$,
  'P3 where another scheduler runs them, pg_cron gets nothing');
select is_empty('select * from ops.reconcile_schedules()', 'P3 also when asked');

select * from finish();
rollback;
