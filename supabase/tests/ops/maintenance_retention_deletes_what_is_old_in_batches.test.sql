-- Retention deletes what its policy calls old, so many batches a call, and nothing else.
begin;
\ir ../helpers/cast.psql
select plan(11);

-- As far back as 20 + n days; the eleventh ended just over 30 days ago.
insert into ops.schedule_runs (schedule_name, started_at, finished_at, status)
select 'add-partitions', f.at, f.at, 'succeeded'
from generate_series(1, 55) as n
cross join lateral (select now() - make_interval(days => 20 + n, secs => 1)) as f (at);
insert into ops.schedule_runs (schedule_name, started_at) values ('add-partitions', now() - interval '1 year');
update ops.retention_policies set batch_size = 2 where relation = 'ops.schedule_runs';

select results_eq('select * from ops.clean_up(''ops.schedule_runs'')', $$values (40::bigint, true)$$,
  'P2 twenty batches of two go, and it says that more are left');
select results_eq('select * from ops.clean_up(''ops.schedule_runs'')', $$values (6::bigint, false)$$,
  'P2 the next call takes the rest');
select results_eq('select * from ops.clean_up(''ops.schedule_runs'')', $$values (0::bigint, false)$$,
  'P2 then there is nothing to do');
select is((select count(*) from ops.schedule_runs where finished_at >= now() - interval '30 days'), 9::bigint,
  'P2 the young are all there');
select is((select count(*) from ops.schedule_runs where status = 'running'), 1::bigint,
  'P2 what has not ended is kept however long ago it began');

update ops.retention_policies set keep = '25 days', is_enabled = false where relation = 'ops.schedule_runs';
select results_eq('select * from ops.clean_up(''ops.schedule_runs'')', $$values (0::bigint, false)$$,
  'P2 a policy that is switched off deletes nothing');
select is_empty($$select from ops.plan_maintenance() where name = 'clean_up' and target = 'ops.schedule_runs'$$,
  'P2 and is not planned');
update ops.retention_policies set is_enabled = true where relation = 'ops.schedule_runs';
select results_eq('select * from ops.clean_up(''ops.schedule_runs'')', $$values (5::bigint, false)$$,
  'P2 switched on it goes by its keep');
select throws_ok(format('select ops.clean_up(%L)', relation), 'PT404',
  format('There is no table %s with a retention policy.', coalesce(relation, 'null')), format('P2 not %s', relation))
from (values ('public.projects'), ('ops.nothing'), (null)) as v (relation);

select * from finish();
rollback;
