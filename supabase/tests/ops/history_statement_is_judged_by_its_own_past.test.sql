-- A statement that became slower than it was itself is found; a slow one that always was is not.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/samples.psql
select plan(8);

select is(tests.health_of('query_regressions'), 'skipped', 'P4 without samples it is skipped');
-- Every hour for two days 60 calls; the mean goes to "now" in the last three hours.
create function tests.statement(queryid text, before double precision, now_ms double precision, calls integer default 60) returns bigint
  language sql volatile
  return (
    select count(tests.sample('query_calls', statement.queryid, make_interval(hours => h, mins => 1), calls * (49 - h)))
      + count(tests.sample('query_ms', statement.queryid, make_interval(hours => h, mins => 1),
        calls * (before * (49 - greatest(h, 2)) + now_ms * greatest(0, 2 - h))))
    from generate_series(0, 48) as h
  );
select tests.statement('1', 10, 10), tests.statement('2', 10, 30), tests.statement('3', 10, 80), tests.statement('4', 0.1, 2),
  tests.statement('5', 500, 500), tests.statement('6', 10, 80, calls => 3);
select results_eq(
  $$select queryid, recent_calls, recent_mean_ms, past_mean_ms, factor from ops.get_query_regressions('2 hours') where queryid in (2, 3)$$,
  $$values (3::bigint, 120::bigint, 80.000, 10.000, 8.00), (2, 120, 30.000, 10.000, 3.00)$$, 'P4 the mean now against the mean before'
);
select bag_eq('select queryid from ops.get_query_regressions()', array[1, 2, 3, 4, 5]::bigint[], 'P4 too few calls say nothing');
select is(tests.health_of('query_regressions'), 'critical 3, 2', 'P4 the two that became slower; not the fast one, nor the one that always was');
select is(ops.run_health_check('query_regressions') #>> '{findings, 1, status}', 'warn', 'P4 three times is a warning');

-- The statistics were reset an hour ago: counts begin anew.
delete from ops.metric_samples where subject <> '2';
update ops.metric_samples set value = value - 60 * 49 + 100 where sampled_at > now() - interval '1 hour' and metric = 'query_calls';
update ops.metric_samples set value = 5 where sampled_at > now() - interval '1 hour' and metric = 'query_ms';
select is((select recent_calls from ops.get_query_regressions()), 120::bigint, 'P4 a stretch with a reset is left out');
select is((select factor from ops.get_query_regressions()), 2.00, 'P4 what is left is judged');
delete from ops.metric_samples where sampled_at > now() - interval '3 hours';
select is(tests.health_of('query_regressions'), 'ok', 'P4 a statement nobody calls any more is no worry');

select * from finish();
rollback;
