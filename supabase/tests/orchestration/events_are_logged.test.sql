-- Members and the service log events; what they say is kept as it was said, by whom and when.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/events.psql
select plan(17);

select tests.lives_as('acme_member', tests.log('acme'), 'O4 a member logs an event');
select results_eq(
  $$select type, severity, message, payload, component_id, correlation_id, trace_id, created_by, created_at from public.events$$,
  $$values ('build.done', 'info', null::text, '{}'::jsonb, null::uuid, null::text, null::text, tests.user_id('acme_member'), now())$$,
  'O4 it happened now, and says nothing else'
);
delete from public.events;
create table tests.answer as
  select tests.value_as('service', tests.log('acme', format($$, 'critical', 'It broke.', '{"code": 7}', %L, 'order-1', repeat('a', 32), now() - interval '1 second'$$,
    tests.component_id('acme_builder')))) as id;
select is((select id from tests.answer), (select id::text from public.events), 'O4 the id is returned');
select results_eq(
  $$select severity, message, payload, component_id, correlation_id, trace_id, created_by, created_at from public.events$$,
  $$values ('critical', 'It broke.', '{"code": 7}'::jsonb, tests.component_id('acme_builder'), 'order-1', repeat('a', 32),
    null::uuid, now() - interval '1 second')$$, 'O4 all that the service said is kept'
);
select tests.lives_as('acme_member', tests.log('acme', ', payload => null'), 'O4 no payload is an empty one');
select tests.throws_as(who, tests.log('acme'), code, message, format('O4 not %s', who))
from (values
  ('acme_viewer', '42501', 'This needs the role member or a higher one.'), ('globex_member', 'PT404', 'There is no such tenant.')
) as v (who, code, message);
select tests.throws_as('acme_member', tests.log('acme', ', created_at => now()'), '42501', 'An event of a user happens now.',
  'O4 a user does not say when');
select tests.throws_as(who, tests.log('acme', format(', component_id => %L', tests.component_id('globex_builder'))), 'PT404',
  'There is no such component.', format('S2 nor of a component of another tenant (%s)', who))
from unnest(array['acme_member', 'service']) as who;
select tests.throws_as('acme_member', tests.log('acme', ', severity => ''fatal'''), '23514',
  format('new row for relation "%s" violates check constraint "severity_is_known"', split_part(tests.month_of(now()), '.', 2)),
  'O4 not with a severity that nobody knows');
select tests.throws_as('service', format('insert into public.events (tenant_id, type) values (%L, ''x'')', tests.tenant_id('acme')),
  '42501', 'permission denied for table events', 'O4 nobody writes past the function');

select is(tests.rows_as('acme_viewer', 'select from public.events'), 2, 'O4 a viewer reads them');
select is(tests.rows_as('globex_owner', 'select from public.events'), 0, 'S2 another tenant does not');
delete from public.components where id = tests.component_id('acme_builder');
select is((select count(*) from public.events where component_id = tests.component_id('acme_builder')), 1::bigint,
  'O4 an event outlives its component');
select tests.throws_as('acme_owner', 'delete from public.events', '42501', 'permission denied for table events', 'O4 and is not deleted');
delete from public.tenants where id = tests.tenant_id('acme');
select is_empty('select from public.events', 'C12 but with its tenant');

select * from finish();
rollback;
