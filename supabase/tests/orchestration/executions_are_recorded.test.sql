-- What was executed is recorded when it has ended, with how long it took; nobody changes it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
select plan(15);

create function tests.record(more text, tenant text default 'acme') returns text language sql immutable
  return format('select public.record_execution(%L, ''deploy'', %s)', tests.tenant_id(tenant), more);
create table tests.answer as
  select tests.value_as('acme_member', tests.record('''succeeded'', clock_timestamp() - interval ''2 seconds''')) as id;
select results_eq(
  $$select id::text, name, status, subject_type, subject_id, component_id, attempt, error, details, correlation_id, created_by,
      created_at > now(), duration_ms between 2000 and 2900 from public.execution_history$$,
  $$select id, 'deploy', 'succeeded', 'other', null::uuid, null::uuid, 1::smallint, null::text, '{}'::jsonb, null::text, tests.user_id('acme_member'), true, true
    from tests.answer$$, 'O6 a member records what ended now'
);
delete from public.execution_history;
select tests.lives_as('service', tests.record(format($$'failed', now(), 'task', %L, %L, 3, 'It broke.', '{"step": 2}', 'order-1'$$, tests.id('task', 'x'),
  tests.component_id('acme_builder'))), 'O6 the service says all');
select results_eq(
  $$select status, subject_type, subject_id, component_id, attempt, error, details, correlation_id, created_by from public.execution_history$$,
  $$values ('failed', 'task', tests.id('task', 'x'), tests.component_id('acme_builder'), 3::smallint, 'It broke.', '{"step": 2}'::jsonb, 'order-1', null::uuid)$$,
  'O6 all of it is kept'
);
select tests.lives_as('service', tests.record('''cancelled'', now(), details => null'), 'O6 no details are empty ones');
select tests.throws_as('acme_member', tests.record(more), '23514',
  format('new row for relation "execution_history_%s" violates check constraint "%s"', to_char(now() at time zone 'utc', 'YYYY_MM'), broken),
  format('O6 not %s', more))
from (values
  ('''failed'', now()', 'has_an_error_when_it_failed'), ('''done'', now()', 'status_is_known'),
  ('''succeeded'', now() + interval ''1 hour''', 'starts_before_it_ends'), ('''succeeded'', ''-infinity''', 'started_at_is_a_time')
) as v (more, broken);
select tests.throws_as('acme_viewer', tests.record('''succeeded'', now()'), '42501', 'This needs the role member or a higher one.', 'O6 not a viewer');
select tests.throws_as('globex_member', tests.record('''succeeded'', now()'), 'PT404', 'There is no such tenant.', 'S2 not another tenant');
select tests.throws_as(who, tests.record(format('''succeeded'', now(), component_id => %L', tests.component_id('globex_builder'))), 'PT404',
  'There is no such component.', format('S2 nor by another tenant''s component (%s)', who)) from unnest(array['acme_member', 'service']) as who;
select is(tests.rows_as('acme_viewer', 'select from public.execution_history'), 2, 'O6 a viewer reads it');

do $$ begin execute format('drop table private.execution_history_%s', to_char(now() at time zone 'utc', 'YYYY_MM')); end $$;
select tests.lives_as('acme_member', tests.record('''succeeded'', now()'), 'O6 a month that nobody made is made');
select tests.throws_as('service', format('insert into public.execution_history (tenant_id, name, status, subject_type, started_at)
  values (%L, ''x'', ''succeeded'', ''other'', now())', tests.tenant_id('acme')), '42501', 'permission denied for table execution_history',
  'O6 nobody writes past the function');

select * from finish();
rollback;
