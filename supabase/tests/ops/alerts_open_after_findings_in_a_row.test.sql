-- Where the rule asks for several findings in a row, one that passes is nothing.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(7);

insert into ops.alert_rules (check_name, opens_after) values ('probe', 2);
select is(tests.run_at(0, '{"a": "warn"}'), '0 0 0 0', 'P4 the first opens nothing');
select is(tests.alert_state('a'), 'pending warn', 'P4 it is pending');
select is(tests.rows('select from ops.get_alerts()') || ' ' || tests.rows($$select from ops.get_alerts('pending')$$), '0 1',
  'P4 and shown only to who asks for it');
select is(tests.run_at(15, '{}') || ' ' || tests.rows('select from ops.alerts'), '0 0 0 0 0', 'P4 gone, it was nothing');
select is(tests.run_at(30, '{"a": "warn"}') || ', ' || tests.run_at(45, '{"a": "warn"}'), '0 0 0 0, 1 0 0 0',
  'P4 the second in a row opens it');
select is((select finding_count || ' ' || (first_seen_at = tests.minute(30)) from ops.alerts), '2 true',
  'P4 it has been there since the first');
select is(tests.told('a'), 'opened', 'P4 told once');

select * from finish();
rollback;
