-- A warning that becomes critical is told again; what becomes better is not, and neither is flapping between the two.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(9);

select is(tests.run_at(0, '{"a": "warn"}'), '1 0 0 0', 'P4 a warning');
select is(tests.run_at(15, '{"a": "critical"}'), '0 1 0 0', 'P4 it rises');
select is(tests.alert_state('a'), 'open critical', 'P4 the alert is critical');
select is(tests.run_at(30, '{"a": "warn"}'), '0 0 0 0', 'P4 it falls silently');
select is(tests.alert_state('a'), 'open warn', 'P4 the alert is a warning again');
select is(tests.run_at(45, '{"a": "critical"}'), '0 0 0 0', 'P4 what was told as critical is not told as critical again');
select is(tests.told('a'), 'opened raised', 'P4 two messages in all');

select tests.run_at(60, '{"a": "critical", "b": "warn"}');
select (ops.acknowledge_alert(tests.alert_id('b'))).state;
select is(tests.run_at(75, '{"a": "critical", "b": "critical"}'), '0 1 0 0', 'P4 an acknowledged warning rises as well');
select is(tests.alert_state('b') || ', ' || tests.told('b'), 'open critical, opened acknowledged raised',
  'P4 and is open again: nobody acknowledged that');

select * from finish();
rollback;
