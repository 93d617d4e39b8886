-- What is recommended to a tenant, the worst first, each with its reason; it is gone when that is.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
\ir ../helpers/components.psql
select plan(16);

create function tests.recommended() returns setof text language sql
  begin atomic;
    select concat_ws(' | ', r.severity, r.kind, r.subject_type, r.subject_name, r.reason)
    from rows from (public.get_recommendations(tests.tenant_id('acme'))) with ordinality as r (
      kind, severity, subject_type, subject_id, subject_name, reason, recommendation, since, place) order by r.place;
  end;
grant execute on function tests.recommended() to authenticated;
select is_empty('select tests.recommended()', 'O7: nothing to look at');

-- Two days of three tasks are due to first, one day of one task to second, less than a day to third.
select tests.add_task(t) from unnest('{first, a, b, c, second, d, third, e}'::text[]) as t;
select tests.depend(task, on_task) from (values ('a', 'first'), ('b', 'first'), ('c', 'first'), ('d', 'second'), ('e', 'third')) as v (task, on_task);
select tests.backdate(t, '2 days') from unnest('{first, a, b, c}'::text[]) as t;
select tests.backdate(t, '1 day') from unnest('{second, d}'::text[]) as t;
select tests.backdate(t, '23 hours') from unnest('{third, e}'::text[]) as t;
select tests.set_status('second', 'in_progress');
select tests.calculated();
update public.tasks set due_at = now() - interval '3 days' where title in ('a', 'b');
select tests.add_task('last', flow => 'other');
select tests.set_status('last', 'done');
update public.tasks set finished_at = now() - interval '25 hours' where title = 'last';
update public.components set health_status = v.status, health_changed_at = now() - v.since
from (values ('builder', 'degraded', interval '2 hours'), ('mailer', 'silent', interval '1 hour')) as v (name, status, since)
where components.name = v.name and tenant_id = tests.tenant_id('acme');
insert into public.execution_history (tenant_id, subject_type, name, status, component_id, started_at, error)
select tests.tenant_id('acme'), 'other', 'x', case when n <= failed then 'failed' else 'succeeded' end, tests.component_id(component), now(),
  case when n <= failed then 'No' end
from (values ('acme_builder', 20, 3), ('acme_mailer', 20, 2), ('acme_idle', 19, 19)) as v (component, executions, failed),
  generate_series(1, executions) as n;
insert into public.tenant_alerts (tenant_id, id, fingerprint, kind, severity, title, recommendation, began_at, details)
select tests.tenant_id('acme'), tests.id('alert', 'acme'), 'x', 'spike', 'critical', 'cpu was 9.', 'Look.', now() - interval '1 day', '{"name": "cpu"}';
select ops.refresh_materialized_views();

select tests.sign_in('acme_viewer');
select results_eq('select tests.recommended()', array[
  'critical | alert | alert | cpu | cpu was 9.',
  'critical | component_health | component | mailer | It is silent.',
  'warning | overdue | workflow | Plan | 2 of its tasks are overdue.',
  'warning | bottleneck | task | first | 3 tasks of Plan waited because of it, 6.0 days added up.',
  'warning | component_health | component | builder | It is degraded.',
  'warning | bottleneck | task | second | 1 task of Plan waited because of it, 1.0 days added up.',
  'warning | component_failures | component | builder | 3 of 20 executions of the last seven days failed.',
  'info | nothing_left | workflow | Other | All its tasks have been over for a day.'
], 'O7: the worst first, then what has lasted longest');
select is((select count(*) from public.get_recommendations(tests.tenant_id('acme'), 3)), 3::bigint, 'O7: as many as were asked for');
select results_eq($$select recommendation from public.get_recommendations(tests.tenant_id('acme')) where subject_type = 'task'$$,
  array['Give it to somebody: it could be begun.', 'Help with it, or cut it into parts that others need not wait for.'], 'O7: with what to do');
select tests.as_operator();
select is(tests.rows_as('globex_member', $$select from public.get_recommendations(tests.tenant_id('globex'))$$), 0, 'S2: another tenant has its own');
select is(tests.rows_as('service', $$select from public.get_recommendations(tests.tenant_id('acme'))$$), 8, 'O7: the service role asks, too');

select public.resolve_alert(tests.tenant_id('acme'), tests.id('alert', 'acme'));
select tests.set_status(t, 'done') from unnest('{first, second, a, b}'::text[]) as t;
update public.components set is_enabled = false where name = 'builder';
update public.components set health_status = 'healthy' where name = 'mailer';
update public.workflows set status = 'completed' where name = 'Other';
select ops.refresh_materialized_views();
select tests.sign_in('acme_viewer');
select is_empty('select tests.recommended()', 'O7: nothing once it is seen to');
select tests.as_operator();
update public.tasks set status = 'pending' where title in ('first', 'a');
select is(tests.rows('select tests.recommended()'), 1, 'O7: taken up again, it is told again');
select public.update_workflow_status(tests.tenant_id('acme'), tests.flow_id('plan'), 'paused');
select is(tests.rows('select tests.recommended()'), 0, 'O7: but not of a workflow that is paused');

select tests.throws_as(who, format('select public.get_recommendations(tests.tenant_id(%L), %s)', tenant, page), code, message,
  format('O7: %s, %s, %s', who, tenant, page))
from (values
  ('acme_customer', 'acme', '1', '42501', 'This needs the role viewer or a higher one.'),
  ('visitor', 'acme', '1', '42501', 'permission denied for function get_recommendations'),
  ('acme_owner', 'globex', '1', 'PT404', 'There is no such tenant.'), ('acme_owner', 'nowhere', '1', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'acme', '0', '22023', 'page_size must be between 1 and 1000.'), ('acme_owner', 'acme', '1001', '22023', 'page_size must be between 1 and 1000.'),
  ('acme_owner', 'acme', 'null', '22023', 'page_size must be between 1 and 1000.')
) as v (who, tenant, page, code, message);

select * from finish();
rollback;
