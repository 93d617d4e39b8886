-- Components call each other within their tenant; members say so, viewers read it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/communications.psql
select plan(19);

select tests.lives_as('service', tests.start(format($$, '[1]', 100, 1, 'order-1', %L$$, repeat('t', 32))), 'O4 the service records a call');
select results_eq(
  $$select request, timeout_ms, max_attempts, correlation_id, trace_id from public.component_communications where correlation_id is not null$$,
  $$values ('[1]'::jsonb, 100, 1::smallint, 'order-1', repeat('t', 32))$$, 'O4 with all that was said');
select tests.lives_as('acme_member', tests.start(', request => null'), 'O4 a request may be nothing');
select is(tests.rows_as('acme_viewer', 'select from public.component_communications'), 3, 'O4 a viewer reads them');
select is(tests.rows_as('globex_owner', 'select from public.component_communications'), 0, 'S2 another tenant does not');
select tests.throws_as('acme_viewer', statement, '42501', 'This needs the role member or a higher one.', 'O4 a viewer records none')
from unnest(array[tests.start(), tests.finish(1), tests.retry()]) as statement;
select tests.throws_as('globex_member', statement, 'PT404', 'There is no such tenant.', 'S2 nor does another tenant')
from unnest(array[tests.start(), tests.finish(1), tests.retry()]) as statement;
select tests.throws_as('globex_member', statement, 'PT404', 'There is no such communication.', 'S2 nor in its own name')
from unnest(array[tests.finish(1, tenant => 'globex'), tests.retry('globex')]) as statement;
select tests.throws_as(who, tests.start(callee => 'globex_builder'), 'PT404', 'There is no such component.',
  format('S2 nobody calls over tenants (%s)', who)) from unnest(array['acme_member', 'service']) as who;
select tests.throws_as('globex_member', tests.start(tenant => 'globex', callee => 'globex_builder'), 'PT404', 'There is no such component.',
  'S2 nor is called');
select tests.throws_as('service', tests.start(', timeout_ms => 0'), '23514',
  'new row for relation "component_communications" violates check constraint "timeout_is_between_1_ms_and_1_day"', 'O4 a call has time');
select tests.throws_as('acme_owner', 'update public.component_communications set status = ''succeeded''', '42501',
  'permission denied for table component_communications', 'O4 nobody writes past the functions');
delete from public.components where id = tests.component_id('acme_mailer');
select is_empty('select from public.component_communications', 'O4 calls go with a component');

select * from finish();
rollback;
