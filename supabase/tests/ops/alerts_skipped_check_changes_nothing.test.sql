-- A check that could not look neither opens nor resolves; one that failed is an alert of its own.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(10);

select is(tests.run_at(0, '{"a": "warn"}'), '1 0 0 0', 'P1 a finding');
select is(tests.run_at(minute, '{}', 'skipped'), '0 0 0 0', format('P1 minute %s: skipped, it stays', minute))
from unnest(array[15, 30, 45]) as minute;
select is(tests.run_at(60, '{}', 'unknown'), '1 0 0 0', 'P1 the check fails: that is an alert');
select results_eq(
  $$select check_name, key, severity, message, state from ops.alerts order by check_name$$,
  $$values ('failed_checks', 'probe', 'warn', 'The check probe failed: no reason', 'open'),
    ('probe', 'a', 'warn', 'a is warn', 'open')$$,
  'P1 the finding stays beside it'
);
select is(tests.run_at(75, '{}', 'unknown'), '0 0 0 0', 'P1 told once');
select is(tests.run_at(90, '{}') || ', ' || tests.run_at(105, '{}'), '0 0 0 0, 0 0 0 2', 'P1 looked at again, both end');
select is(tests.run_at(120, '{"a": "warn"}'), '0 0 1 0', 'P1 back');
select is(
  (select string_agg(ops.update_alerts('{"checks": []}', tests.minute(m)) ->> 'resolved', ' ') from unnest(array[135, 150]) as m),
  '0 1', 'P1 a check that was switched off finds nothing any more'
);

select * from finish();
rollback;
