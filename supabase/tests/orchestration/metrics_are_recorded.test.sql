-- Members and the service record measurements, one or a batch; what was not said has its usual value.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/metrics.psql
select plan(19);

select tests.lives_as('acme_member', tests.measure('''cpu'', 0.5'), 'O6 a member records a value');
select results_eq(
  $$select name, type, value, unit, tags, component_id, environment, host, created_at from public.performance_metrics$$,
  $$values ('cpu', 'gauge', 0.5::double precision, null::text, '{}'::jsonb, null::uuid, null::text, null::text, now())$$, 'O6 a gauge of now'
);
delete from public.performance_metrics;
select tests.lives_as('service', tests.measure(format($$'build', 12.5, 'timer', 'ms', '{"environment": "live", "host": "a1", "size": 3}', %L, now() - interval '1 hour'$$,
  tests.component_id('acme_builder'))), 'O6 the service says all');
select results_eq(
  $$select name, type, value, unit, component_id, environment, host, tags ->> 'size', created_at from public.performance_metrics$$,
  $$values ('build', 'timer', 12.5::double precision, 'ms', tests.component_id('acme_builder'), 'live', 'a1', '3', now() - interval '1 hour')$$,
  'O6 all of it is kept, tags to filter by as columns'
);
delete from public.performance_metrics;
select is(tests.value_as('acme_member', tests.batch($$[{"name": "a", "value": 1}, {"name": "a", "value": 2, "tags": {"x": 1, "y": 2}},
  {"name": "a", "value": 3, "tags": {"y": 2, "x": 1}, "type": "counter"}, {"name": "b", "value": "1e3", "unit": null}]$$)), '4', 'O6 a batch');
select results_eq(
  $$select value, type, dense_rank() over (order by name, min_value) from (
      select *, min(value) over (partition by name, tags_key) as min_value from public.performance_metrics) as m order by value$$,
  $$values (1::double precision, 'gauge', 1::bigint), (2, 'gauge', 2), (3, 'counter', 2), (1000, 'gauge', 3)$$,
  'O6 the same name and tags are one series, in whatever order'
);
select is(tests.value_as('service', tests.batch('[]')), '0', 'O6 an empty batch is nothing');
select tests.throws_as(who, statement, code, message, format('O6 not %s', who))
from (values
  ('acme_viewer', '42501', 'This needs the role member or a higher one.'), ('globex_member', 'PT404', 'There is no such tenant.')
) as v (who, code, message),
  unnest(array[tests.batch('[{"name": "a", "value": 1}]'), tests.measure('''a'', 1')]) as statement;
select tests.throws_as(who, tests.batch(format('[{"name": "a", "value": 1}, {"name": "a", "value": 1, "component_id": %s}]',
  to_jsonb(tests.component_id('globex_builder')))), 'PT404', 'There is no such component.', format('S2 nor of another tenant''s component (%s)', who))
from unnest(array['acme_member', 'service']) as who;
select tests.throws_as('service', format('insert into public.performance_metrics (tenant_id, name, value) values (%L, ''x'', 1)', tests.tenant_id('acme')),
  '42501', 'permission denied for table performance_metrics', 'O6 nobody writes past the functions');
select is(tests.rows_as('acme_viewer', 'select from public.performance_metrics'), 4, 'O6 a viewer reads them');
select is(tests.rows_as('globex_owner', 'select from public.performance_metrics'), 0, 'S2 another tenant does not');
select tests.lives_as('service', tests.batch((select jsonb_agg(jsonb_build_object('name', 'n', 'value', i)) from generate_series(1, 10000) as i)::text),
  'O6 ten thousand at once');
select tests.throws_as('service', tests.batch((select jsonb_agg(jsonb_build_object('name', 'n', 'value', i)) from generate_series(1, 10001) as i)::text),
  '22023', 'metrics must be an array of at most 10000 objects.', 'O6 and no more');
select is((select count(*) from public.performance_metrics), 10004::bigint, 'O6 all or none');

select * from finish();
rollback;
