-- A platform administrator acknowledges, silences and resolves under their own name, whatever they say; nobody else does.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(25);

select tests.run_at(0, '{"a": "warn", "b": "critical"}');
create table tests.calls (call text, arguments text);
insert into tests.calls
values ('get_alerts', '()'), ('acknowledge_alert', '(tests.alert_id(''a''))'), ('resolve_alert', '(tests.alert_id(''a''))'),
  ('silence_alert', '(tests.alert_id(''a''), tests.minute(60))'), ('record_health_check', '()'),
  ('add_quiet_window', '(''*'', tests.minute(60), ''work'')');
select tests.throws_as('acme_owner', format('select ops.%s%s', call, arguments), '42501',
  'This needs a platform administrator or the service role.', format('P4 the owner of a tenant: %s', call))
from tests.calls;
select is(tests.alert_state('a'), 'open warn', 'P4 and the alert is as it was');
select tests.throws_as('platform_admin', format('%s ops.%s', verb, name), '42501', 'permission denied for table ' || name,
  format('P4 past the functions: %s %s', verb, name))
from (values ('select from', 'alerts'), ('delete from', 'alert_deliveries'), ('select from', 'metric_samples'),
  ('select from', 'health_runs')) as v (verb, name);

select is(tests.rows_as('platform_admin', 'select from ops.get_alerts()'), 2, 'P4 an administrator sees both');
select is(tests.value_as('platform_admin', 'select key from ops.get_alerts() limit 1'), 'b', 'P4 the critical one first');
select is(
  tests.value_as('platform_admin', $$select acknowledged_by || ': ' || note from ops.acknowledge_alert(tests.alert_id('a'), 'on it')$$),
  tests.email('platform_admin') || ': on it', 'P4 acknowledged under the name of the session'
);
select is(
  (select d.payload ->> 'by' from ops.alert_deliveries as d where d.event = 'acknowledged'),
  tests.email('platform_admin'), 'P4 and told so'
);
select is(tests.run_at(15, '{"a": "warn", "b": "critical"}') || ', ' || tests.alert_state('a'), '0 0 0 0, acknowledged warn',
  'P4 found again it stays acknowledged');
select is(tests.value_as('service', $$select silenced_by from ops.silence_alert(tests.alert_id('b'), tests.minute(60))$$),
  'service_role', 'P4 the service role by its own');
select is(tests.value_as('platform_admin', $$select resolved_by || ' ' || state from ops.resolve_alert(tests.alert_id('a'))$$),
  tests.email('platform_admin') || ' resolved', 'P4 resolved by hand');
select is(tests.run_at(30, '{"a": "warn", "b": "critical"}'), '0 0 1 0', 'P4 still found, it reopens');
select tests.run_at(minute, '{"b": "critical"}') from unnest(array[45, 50]) as minute;
select throws_ok(format('select ops.%s', call), code, message, format('P4 refused: %s', call))
from (values
  ('acknowledge_alert(tests.alert_id(''a''))', 'PT409', 'The alert is resolved.'),
  ('resolve_alert(tests.alert_id(''nothing''))', 'PT404', 'There is no such alert.'),
  ('silence_alert(tests.alert_id(''b''), now())', '22023', 'until must be a time within the next 90 days.'),
  ('silence_alert(tests.alert_id(''b''), now() + interval ''91 days'')', '22023', 'until must be a time within the next 90 days.'),
  ('silence_alert(tests.alert_id(''b''), null)', '22023', 'until must be a time within the next 90 days.'),
  ('get_alerts(''shut'')', '22023', 'There is no state ''shut''.')
) as v (call, code, message);

select * from finish();
rollback;
