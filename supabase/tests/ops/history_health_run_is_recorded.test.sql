-- One call makes all checks and keeps the result, the samples and the alerts together.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(8);

create temp table answer as select ops.record_health_check() as a;
select is((select a ->> 'recorded' from answer), 'true', 'P4 it is recorded');
select results_eq(
  $$select r.status, r.result ->> 'status', (r.result #>> '{snapshot, samples}')::integer > 50, jsonb_array_length(r.result -> 'checks')
    from ops.health_runs as r where r.id = (select (a ->> 'run_id')::uuid from answer)$$,
  $$select a ->> 'status', a ->> 'status', true, (select count(*)::integer from ops.health_checks where is_enabled) from answer$$,
  'P4 with every check and the samples'
);
select is((select sum(value::integer) from answer, jsonb_each_text(a -> 'checks')), (select count(*) from ops.health_checks where is_enabled),
  'P4 the answer counts the checks by status');

-- A database that is full: found, recorded and told in the same call.
update ops.health_checks set is_enabled = name = 'table_growth';
delete from ops.metric_samples;
insert into ops.metric_samples (metric, sampled_at, value)
select 'database_bytes', now() - make_interval(hours => h), 7.9e9 - 1e7 * h from generate_series(0, 100) as h;
update answer set a = ops.record_health_check();
select is((select a ->> 'status' || ' ' || (a #>> '{alerts, opened}') from answer), 'critical 1', 'P4 it is critical and opens one alert');
select is(tests.told('database ' || current_database()), 'opened', 'P4 which is to be told');

-- Samples that cannot be stored do not keep the alert from ending.
alter table ops.metric_samples add constraint nothing_new check (sampled_at < now()) not valid;
update ops.metrics set last_sampled_at = null;
delete from ops.metric_samples;
update answer set a = ops.record_health_check();
select matches((select a #>> '{snapshot, error}' from answer), 'nothing_new.*23514', 'P4 a snapshot that fails is said');
select is((select count(*) from ops.health_runs), 3::bigint, 'P4 and the run is kept');
select is(tests.alert_state('database ' || current_database()), 'open critical', 'P4 a check that is skipped ends nothing');

select * from finish();
rollback;
