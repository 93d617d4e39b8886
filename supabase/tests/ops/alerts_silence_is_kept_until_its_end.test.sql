-- Silenced: nothing is told until a time. What is still there then is told again.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(14);

select tests.run_at(0, '{"a": "warn", "b": "warn"}');
select (ops.silence_alert(tests.alert_id(key), tests.minute(60))).state from unnest(array['a', 'b']) as key;
select is(tests.run_at(15, '{"a": "critical"}'), '0 0 0 0', 'P4 a rise is not told');
select is(tests.alert_state('a'), 'silenced critical', 'P4 but written down');
select is(tests.run_at(30, '{"a": "critical"}') || ' ' || tests.told('b'), '0 0 0 1 opened', 'P4 an end is not told either');
select is(tests.run_at(45, '{"a": "critical", "b": "warn"}'), '0 0 0 0', 'P4 nor a return');
select is(tests.alert_state('b'), 'silenced warn', 'P4 it is silenced still');
select is(tests.run_at(60, '{"a": "critical", "b": "warn"}'), '0 0 2 0', 'P4 when the silence ends, both are told');
select is(tests.told('a') || ', ' || tests.alert_state('a'), 'opened silence_ended, open critical', 'P4 it is open again');
select is(tests.run_at(75, '{"a": "critical", "b": "warn"}'), '0 0 0 0', 'P4 once');

select (ops.add_quiet_window('*', tests.minute(200), 'a planned move', key_pattern => 'public.%', starts_at => tests.minute(90))).id;
select is(tests.run_at(90, '{"a": "critical", "b": "critical", "public.x": "warn", "other": "warn"}'), '1 1 0 0',
  'P4 in a quiet window only what it does not cover is told');
select is(tests.alert_state('public.x') || ' ' || coalesce(tests.told('public.x'), 'not told'), 'pending warn not told',
  'P4 the rest waits');
select is(tests.run_at(200, '{"a": "critical", "b": "critical", "public.x": "critical", "other": "warn"}'), '1 0 0 0',
  'P4 and is told afterwards');
select is((ops.add_quiet_window('deadlocks', now() + interval '1 hour', 'x')).check_name, 'deadlocks', 'P4 a window of one check');
select throws_ok(
  format('select ops.add_quiet_window(%s)', arguments), code, message, format('P4 no window: %s', arguments)
)
from (values
  ($$'nothing', now() + interval '1 hour', 'x'$$, 'PT404', 'There is no check ''nothing''.'),
  ($$'*', now() - interval '1 hour', 'x'$$, '23514',
    'new row for relation "quiet_windows" violates check constraint "ends_after_it_starts"')
) as v (arguments, code, message);

select * from finish();
rollback;
