-- However often it is found, a finding is one alert and told once; it ends after two runs without it, and that is told.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(13);

select is(tests.run_at(0, '{"a": "warn", "b": "critical"}'), '2 0 0 0', 'P4 two findings open two alerts');
select is(tests.run_at(15, '{"a": "warn", "b": "critical"}'), '0 0 0 0', 'P4 found again they open nothing');
select is(tests.run_at(30, '{"a": "warn", "b": "critical"}'), '0 0 0 0', 'P4 and again');
select results_eq(
  $$select key, state, severity, finding_count, first_seen_at, last_seen_at, message from ops.alerts order by key$$,
  $$values ('a', 'open', 'warn', 3, tests.minute(0), tests.minute(30), 'a is warn'),
    ('b', 'open', 'critical', 3, tests.minute(0), tests.minute(30), 'b is critical')$$,
  'P4 each is one alert that knows how often and since when'
);
select is(tests.told('a') || ', ' || tests.told('b'), 'opened, opened', 'P4 each is told once');
select is(tests.run_at(45, '{"b": "critical"}'), '0 0 0 0', 'P4 one run without it resolves nothing');
select is(tests.alert_state('a'), 'open warn', 'P4 it is still open');
select is(tests.run_at(60, '{"a": "warn", "b": "critical"}'), '0 0 0 0', 'P4 back before it was resolved it opens nothing');
select is(tests.run_at(75, '{}'), '0 0 0 0', 'P4 counting begins anew');
select is(tests.run_at(90, '{}'), '0 0 0 2', 'P4 two runs in a row without them resolve both');
select is(tests.told('a'), 'opened resolved', 'P4 the end is told');
select is(tests.run_at(105, '{}'), '0 0 0 0', 'P4 once');
select results_eq(
  $$select distinct state, resolved_at, resolved_by from ops.alerts$$,
  $$values ('resolved', tests.minute(90), null::text)$$, 'P4 they ended by themselves'
);

select * from finish();
rollback;
