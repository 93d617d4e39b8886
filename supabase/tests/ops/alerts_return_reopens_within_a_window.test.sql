-- A finding that comes back soon is the same alert, later a new one.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(8);

update ops.alert_rules set reopens_within = '2 hours', resolves_after = 1 where check_name = '*';
select is(tests.run_at(0, '{"a": "warn"}') || ', ' || tests.run_at(15, '{}'), '1 0 0 0, 0 0 0 1', 'P4 opened and resolved');
select is(tests.run_at(130, '{"a": "critical"}'), '0 0 1 0', 'P4 back within two hours it reopens');
select is((select reopened_count || ' ' || state || ' ' || (resolved_at is null) from ops.alerts), '1 open true',
  'P4 the one alert says how often');
select is(tests.run_at(145, '{}'), '0 0 0 1', 'P4 resolved again');
select is(tests.run_at(266, '{"a": "warn"}'), '1 0 0 0', 'P4 later it opens a new one');
select is(tests.alert_state('a'), 'resolved critical, open warn', 'P4 beside the old one');
select is(tests.told('a'), 'opened resolved reopened resolved opened', 'P4 each step was told');

insert into ops.alert_rules (check_name, resolves_after) values ('probe', 3);
select is(tests.run_at(280, '{}') || ', ' || tests.run_at(290, '{}') || ', ' || tests.run_at(300, '{}'),
  '0 0 0 0, 0 0 0 0, 0 0 0 1', 'P4 a check has a rule of its own');

select * from finish();
rollback;
