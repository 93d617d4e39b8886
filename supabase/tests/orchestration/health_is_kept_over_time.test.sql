-- Each change of a component's health is kept, and now and then how the components of a tenant are, taken together.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
select plan(14);

create function tests.beat(status text) returns void language sql begin atomic;
  select public.record_heartbeat(tests.tenant_id('acme'), tests.component_id('acme_builder'), status, '{"load": 1}');
end;
select tests.beat(s) from unnest(array['healthy', 'degraded', 'degraded', 'unhealthy', 'healthy']) as s;
select results_eq(
  $$select status, components, not_healthy, details, component_id, created_at > now() from public.system_health order by created_at$$,
  $$values ('degraded', 1, 1, '{"load": 1}'::jsonb, tests.component_id('acme_builder'), true),
    ('unhealthy', 1, 1, '{"load": 1}', tests.component_id('acme_builder'), true), ('healthy', 1, 0, '{"load": 1}', tests.component_id('acme_builder'), true)$$,
  'O6 each change is a row'
);
select is(tests.rows_as('acme_viewer', 'select from public.system_health'), 3, 'O6 viewers read it');
select is(tests.rows_as('globex_owner', 'select from public.system_health'), 0, 'S2 another tenant does not');
update public.components set last_heartbeat_at = now() - interval '1 day' where id = tests.component_id('acme_builder');
select ops.mark_silent_components();
select is((select status || not_healthy from public.system_health order by created_at desc limit 1), 'silent1', 'O6 silence is a change');
delete from public.system_health;

create function tests.snapshot(first text, second text) returns text language plpgsql as $$
begin
  update public.components set health_status = first, last_heartbeat_at = case when first <> 'unknown' then now() end
  where id = tests.component_id('acme_builder');
  update public.components set health_status = second, last_heartbeat_at = case when second <> 'unknown' then now() end
  where id = tests.component_id('acme_mailer');
  delete from public.system_health;
  perform ops.snapshot_system_health();
  return (select concat_ws(' ', status, components, not_healthy, details) from public.system_health where tenant_id = tests.tenant_id('acme'));
end
$$;
select is(tests.snapshot(first, second), state, format('O6 %s and %s', first, second))
from (values
  ('healthy', 'healthy', 'healthy 3 0 {"healthy": 2, "unknown": 1}'), ('healthy', 'degraded', 'degraded 3 1 {"healthy": 1, "unknown": 1, "degraded": 1}'),
  ('degraded', 'unhealthy', 'unhealthy 3 2 {"unknown": 1, "degraded": 1, "unhealthy": 1}'), ('silent', 'healthy', 'unhealthy 3 1 {"silent": 1, "healthy": 1, "unknown": 1}'),
  ('unknown', 'unknown', 'unknown 3 0 {"unknown": 3}')
) as v (first, second, state);
select is(ops.snapshot_system_health(), 2, 'O6 a row for each tenant with components');
update public.components set is_enabled = false where tenant_id = tests.tenant_id('globex');
select is(ops.snapshot_system_health(), 1, 'O6 that are enabled');
update public.components set is_enabled = false where id = tests.component_id('acme_idle');
delete from public.system_health;
select ops.snapshot_system_health();
select results_eq('select components, component_id from public.system_health', $$values (2, null::uuid)$$, 'O6 the others do not count');
delete from public.components where id = tests.component_id('acme_builder');
select is((select count(*) from public.system_health), 1::bigint, 'O6 that of the tenant stays when a component goes');
select tests.throws_as('acme_owner', 'delete from public.system_health', '42501', 'permission denied for table system_health', 'O6 users do not write it');

select * from finish();
rollback;
