-- A check that knows too little says so and finds nothing: neither health nor fault is made up.
begin;
\ir ../helpers/cast.psql
select plan(19);

create function tests.status(name text) returns text language sql as $$
  select concat_ws(': ', c ->> 'status', c ->> 'reason') from ops.run_health_check($1) as c $$;

-- What is counted since the last reset, over too short a time.
update ops.health_thresholds set warn = 1e9 where measure = 'window_seconds';
select alike(tests.status(name), 'skipped: Too little is known to judge: window_seconds is %', format('P1 %s: too young', name))
from unnest(array['temp_files', 'deadlocks', 'rollbacks', 'checkpoints_requested']) as name;
select throws_ok($$select ops.require_sample('deadlocks', 'window_seconds', null)$$, '0A000',
  'Too little is known to judge: window_seconds is unknown, and has to be above 1000000000.', 'P1 an unknown time is none');
select throws_ok($$select ops.require_sample('deadlocks', 'window_seconds', 5)$$, '0A000',
  'Too little is known to judge: window_seconds is 5, and has to be above 1000000000.', 'P1 a short one is too short');
select lives_ok($$select ops.require_sample('deadlocks', 'window_seconds', 1000000001)$$, 'P1 a long one will do');

update ops.schedules set is_enabled = false where name = 'health-check';
select is(tests.status('health_runs_are_recent'), 'skipped: The schedule health-check is switched off.',
  'P1 nobody promised a run');
update ops.schedules set is_enabled = true, cron = '0 0 1 * *' where name = 'health-check';
select is(tests.status('health_runs_are_recent'), 'skipped: The schedule health-check does not run every day (0 0 1 * *).',
  'P1 or not so often');

select throws_ok($$select from ops.measure_table('ops.schedules'::regclass)$$, '0A000',
  'The extension pgstattuple is not installed.', 'P1 what is not installed measures nothing');
select is_empty('select from ops.measure_table(null)', 'P1 (nothing is measured of no table)');

savepoint statistics;
create or replace function ops.statistics_since() returns timestamptz language sql stable set search_path = '' return null::timestamptz;
select is(tests.status('unused_indexes'), 'skipped: Nobody knows since when reads of indexes are counted.',
  'P1 an index may have been read before');
create or replace function ops.statistics_since() returns timestamptz language sql stable set search_path = ''
  return now() - interval '1 day';
select is(tests.status('unused_indexes'), 'skipped: Reads of indexes are counted for 1.0 days only.', 'P1 a day is too short');
create or replace function ops.statistics_since() returns timestamptz language sql stable set search_path = ''
  return now() - interval '8 days';
select matches(tests.status('unused_indexes'), '^(ok|warn)$', 'P1 eight are not');
rollback to savepoint statistics;

create function tests.shares(at boolean) returns text language plpgsql as $$
begin
  execute format($f$create or replace function ops.get_tenant_shares() returns table (tenant_id uuid, name text, estimated_rows bigint,
    estimated_bytes bigint, share_percent numeric, calls_this_month bigint) language sql stable security definer set search_path = ''
    as $x$ select gen_random_uuid(), 'x', 1::bigint, 1::bigint, 1::numeric, 1::bigint where %L $x$ $f$, at);
  return tests.status('noisy_tenant');
end
$$;
select is(tests.shares(false), 'skipped: The planner has no statistics of tenants yet: ANALYZE makes them.',
  'P1 without statistics nobody is noisy');
select is(tests.shares(true), 'ok', 'P1 with them somebody could be');

-- pg_cron and what keeps statements cannot be taken away where they are installed for real.
select is(
  case when to_regclass('cron.job_run_details') is null then tests.status('cron_history') else 'skipped: pg_cron is not installed.' end,
  'skipped: pg_cron is not installed.', 'P1 without pg_cron it has no history');
select throws_ok(format('select from ops.plan_maintenance(%L, false)', mode), '22023',
  format('mode must be quick or full, not %s.', coalesce(mode, 'null')), format('P2 no plan for %s', coalesce(mode, 'null')))
from (values ('slow'), (null)) as v (mode);

select * from finish();
rollback;
