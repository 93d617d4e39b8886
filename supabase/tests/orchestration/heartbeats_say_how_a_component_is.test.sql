-- A component says how it is; when that changed is kept, and the audit log is not filled with it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
select plan(17);

create function tests.beat(who text, component text, more text default '') returns text language sql immutable
  return format('select public.record_heartbeat(%L, %L%s)', tests.tenant_id('acme'), tests.component_id(component), more);
create table tests.before as
  select (select count(*) from public.audit_log) as logged, now() - interval '1 hour' as at;
update public.components set health_changed_at = (select at from tests.before), last_heartbeat_at = (select at from tests.before)
where id = tests.component_id('acme_builder');

select tests.lives_as('acme_member', tests.beat('', 'acme_builder'), 'O4 a member says that it is well');
select results_eq(
  $$select health_status, health_changed_at = b.at, last_heartbeat_at > now(), health_details, version
    from public.components, tests.before as b where id = tests.component_id('acme_builder')$$,
  $$values ('healthy', true, true, '{}'::jsonb, null::text)$$, 'O4 as before: the change is the old one'
);
select tests.lives_as('service', tests.beat('', 'acme_builder', $$, 'degraded', '{"queue": 7}', '1.2'$$), 'O4 the service, that it is not');
select results_eq(
  $$select health_status, health_changed_at > now(), health_details, version from public.components
    where id = tests.component_id('acme_builder')$$,
  $$values ('degraded', true, '{"queue": 7}'::jsonb, '1.2')$$, 'O4 with the time of the change, details and its version'
);
select tests.lives_as('acme_member', tests.beat('', 'acme_builder', $$, 'unhealthy', null$$), 'O4 without details');
select results_eq(
  $$select health_details, version from public.components where id = tests.component_id('acme_builder')$$,
  $$values ('{}'::jsonb, '1.2')$$, 'O4 there are none, and the version stays'
);
select is((select count(*) from public.audit_log) - (select logged from tests.before), 1::bigint,
  'C8 only the new version is in the audit log');
select tests.lives_as('acme_member', tests.beat('', 'acme_builder', $$, 'healthy', '{}', '1.2'$$), 'O4 the same version again');
select is((select count(*) from public.audit_log) - (select logged from tests.before), 1::bigint, 'C8 is no change');
select tests.throws_as('acme_viewer', tests.beat('', 'acme_builder'), '42501',
  'This needs the role member or a higher one.', 'O4 a viewer says nothing');
select tests.throws_as('globex_member', tests.beat('', 'acme_builder'), 'PT404', 'There is no such tenant.',
  'S2 nor does another tenant');
select tests.throws_as(who, tests.beat('', 'globex_builder'), 'PT404', 'There is no such component.',
  format('S2 nor for a component of another tenant (%s)', who))
from unnest(array['acme_member', 'service']) as who;
select tests.throws_as('acme_member', tests.beat('', 'acme_builder', format(', %L', status)), '22023',
  'status must be healthy, degraded or unhealthy.', format('O4 not the status %s', coalesce(status, 'null')))
from unnest(array['silent', 'unknown', null]) as status;
select tests.rows_as('acme_manager', $$update public.components set description = 'Builds' where name = 'builder'$$);
select is((select count(*) from public.audit_log where after = '{"description": "Builds"}'), 1::bigint,
  'C8 what a manager changes is in the audit log');

select * from finish();
rollback;
