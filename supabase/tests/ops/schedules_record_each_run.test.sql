-- A run of SQL is a row: what came of it, or why it failed, and nothing of what it failed at.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(12);

create table tests.done (what text);
select tests.add_schedule('writes', $$insert into tests.done values ('a'), ('b')$$);
select tests.add_schedule('fails', $$with w as (insert into tests.done values ('c') returning what) select 1 / (count(*) - 1) from w$$);
select tests.add_schedule('nonsense', 'nonsense');

select results_eq($$select status, result, error from tests.run('writes')$$,
  $$values ('succeeded', '{"rows": 2}'::jsonb, null::text)$$, 'P3 one that went well says how many rows');
select set_eq('select what from tests.done', array['a', 'b'], 'P3 it did what it says');
select results_eq($$select status, error, finished_at is not null from tests.run('fails')$$,
  $$values ('failed', 'division by zero (22012)', true)$$, 'P3 one that failed says why');
select set_eq('select what from tests.done', array['a', 'b'], 'P3 and nothing of it is kept');
select results_eq($$select status, error from tests.run('nonsense')$$,
  $$values ('failed', 'syntax error at or near "nonsense" (42601)')$$, 'P3 one that is no SQL');

select isnt(ops.begin_run('writes'), null, 'P3 a run begins');
select is(ops.begin_run('writes'), null, 'P3 a second one at the same time does not');
select matches(
  (select error from ops.schedule_runs where schedule_name = 'writes' and status = 'refused'),
  '^The run that began at .+ is still going on\.$', 'P3 that is recorded, with its reason');
select isnt(ops.begin_run('fails'), null, 'P3 another schedule is not held up');
select lives_ok('select ops.run_schedule(null)', 'P3 a refused run runs nothing');
select is((select count(*) from tests.done), 2::bigint, 'P3 so nothing is done twice');
select throws_ok($$select ops.begin_run('unknown')$$, '23503',
  'insert or update on table "schedule_runs" violates foreign key constraint "schedule_runs_schedule_name_fkey"',
  'P3 there is no run without a schedule');

select * from finish();
rollback;
