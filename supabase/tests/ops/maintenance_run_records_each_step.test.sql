-- A run does what fits into a transaction and writes down each step; a step that fails is undone and stops no other.
begin;
\ir ../helpers/cast.psql
select plan(18);

insert into ops.view_refreshes (view_name, started_at, duration_ms, is_concurrent, row_count)
select 'x', now() - make_interval(days => n), 1, false, 0 from unnest(array[29, 31, 32]) as n;
insert into ops.schedule_runs (schedule_name, started_at, finished_at, status)
values ('add-partitions', now() - interval '1 year', now() - interval '1 year', 'failed');
create table tests.broken (divisor integer);
insert into tests.broken values (1);
create materialized view private.aaa_broken as select 1 / divisor as share from tests.broken;
update tests.broken set divisor = 0;
-- Of a type that a time cannot be compared with.
update ops.retention_policies set time_column = 'id' where relation = 'ops.schedule_runs';

create temp table answer as select ops.run_database_maintenance('full') as run;
create temp table steps as select s.* from answer, jsonb_to_recordset(run -> 'steps') as s (
  name text, target text, status text, row_count bigint, has_more boolean, error_code text, error text, duration_ms numeric);
select is((select run ->> 'status' from answer), 'partial', 'P2 the run did a part');
select results_eq(
  $$select name, target, error_code, error from steps where status = 'failed' order by target$$,
  $$values ('refresh_view', 'aaa_broken', '22012', 'division by zero'),
    ('clean_up', 'ops.schedule_runs', '42883', 'operator does not exist: uuid < timestamp with time zone')$$,
  'P2 two steps failed, and it says why'
);
select is((select count(*) from ops.schedule_runs where finished_at < now() - interval '30 days'), 1::bigint,
  'P2 what failed did nothing');
select is((select row_count from steps where target = 'ops.view_refreshes'), 2::bigint, 'P2 rows deleted are counted');
select set_eq($$select target from steps where name = 'refresh_view' and status = 'succeeded'$$,
  $$select name from ops.list_materialized_views() where name <> 'aaa_broken'$$, 'P2 the other views were refreshed');
select is((select row_count from steps where name = 'add_partitions'), 0::bigint, 'P2 a year of partitions is there');
select is((select count(*) from steps where status = 'succeeded'), (select count(*) - 2 from steps),
  'P2 every other step succeeded');
select results_eq(
  $$select r.id::text, r.mode, r.status, r.is_direct, r.finished_at >= r.started_at from ops.maintenance_runs as r$$,
  $$select run ->> 'id', 'full', 'partial', false, true from answer$$, 'P2 the run is recorded');
select results_eq(
  $$select s.name, s.target, s.status, s.row_count, s.error_code, s.duration_ms from ops.maintenance_steps as s order by s.place$$,
  'select name, target, status, row_count, error_code, duration_ms from steps', 'P2 and its steps, in their order');
select is((select s.name from ops.maintenance_steps as s order by s.place desc limit 1), 'add_partitions',
  'P2 what keeps all others from a table comes last, because its lock lasts to the end');
drop materialized view private.aaa_broken;
update ops.retention_policies set time_column = 'finished_at' where relation = 'ops.schedule_runs';
select is(ops.run_database_maintenance() ->> 'status', 'succeeded', 'P2 when the causes are gone, all succeeds');
select is(ops.run_database_maintenance() ->> 'mode', 'quick', 'P2 a run is quick unless told otherwise');
select throws_ok(format('select ops.run_database_maintenance(%L)', mode), '22023',
  format('mode must be quick or full, not %s.', coalesce(mode, 'null')), format('P2 not %s', coalesce(mode, 'null')))
from (values ('slow'), (null)) as v (mode);
select is((select count(*) from ops.maintenance_runs), 3::bigint, 'P2 what was refused left no run');
select throws_ok(format('select ops.finish_maintenance(%L)', run ->> 'id'), 'PT404',
  'There is no such run of the maintenance at work.', 'P2 what is finished is not finished again') from answer;

-- The time limit of a statement is taken at its start, so this one is not ended by it.
create temp table hurried as select set_config('statement_timeout', '1', true) as set,
  ops.run_database_maintenance() as run, set_config('statement_timeout', '0', true) as unset;
select is((select run ->> 'status' from hurried), 'partial', 'P2 a run without time is no success');
select is((select jsonb_path_query_array(run, '$.steps[*] ? (@.status != "skipped" || @.error != "No time was left.")') from hurried),
  '[]'::jsonb, 'P2 steps that no time was left for are named and not begun');

select * from finish();
rollback;
