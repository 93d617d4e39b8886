-- The three summaries, against rows counted by hand, of one tenant each, and as of the last refresh.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
\ir ../helpers/components.psql
select plan(15);

-- Of the plan: one is done after two hours, one of which in progress; one waits and is overdue; the rest goes on.
select tests.add_task(t) from unnest('{finished, late, reviewed, stuck, dropped}'::text[]) as t;
select tests.set_status(title, status) from (values
  ('finished', 'in_progress'), ('finished', 'done'), ('reviewed', 'in_progress'), ('reviewed', 'review'), ('stuck', 'blocked'),
  ('dropped', 'cancelled')
) as v (title, status);
select tests.backdate('finished', '3 hours', '2 hours', '1 hour');
update public.tasks set due_at = now() - interval '1 day' where title in ('late', 'finished', 'dropped');
update public.tasks set due_at = now() + interval '1 day' where title = 'stuck';
select tests.calculated();

insert into public.execution_history (tenant_id, subject_type, name, status, component_id, started_at, created_at, error)
select tests.tenant_id('acme'), 'other', 'x', status, tests.component_id('acme_builder'), at - took, at, case status when 'failed' then 'No' end
from (values
  ('succeeded', interval '1 s', now()), ('succeeded', '3 s', now()), ('succeeded', '2 s', now()), ('failed', '9 s', now()),
  ('cancelled', '9 s', now()), ('succeeded', '9 s', now() - interval '8 days')
) as v (status, took, at);
insert into public.component_communications (
  tenant_id, from_component_id, to_component_id, operation, status, started_at, expires_at, finished_at, error, created_at
)
select tests.tenant_id('acme'), tests.component_id('acme_builder'), tests.component_id('acme_mailer'), 'send', status, at,
  case status when 'pending' then now() end, case when status <> 'pending' then at + took end,
  case when status in ('failed', 'timed_out') then 'No' end, at
from (values
  ('succeeded', interval '1 s', now()), ('succeeded', '2 s', now()), ('failed', '9 s', now()), ('timed_out', '9 s', now()),
  ('pending', null, now()), ('failed', '1 s', now() - interval '8 days')
) as v (status, took, at);
update public.components set health_status = 'silent' where name = 'mailer' and tenant_id = tests.tenant_id('acme');
insert into public.components (tenant_id, name, type, is_enabled) values (tests.tenant_id('acme'), 'off', 'tool', false);
insert into public.events (tenant_id, type, severity, created_at)
select tests.tenant_id('acme'), 'x', severity, now() - since
from (values ('info', interval '1 hour'), ('info', '2 hours'), ('error', '23 hours'), ('critical', '1 minute'), ('error', '25 hours'))
  as v (severity, since);
insert into public.tenant_alerts (tenant_id, fingerprint, kind, severity, title, recommendation, began_at, status, acknowledged_at, resolved_at)
select tests.tenant_id('acme'), n, 'spike', severity, n, 'Look.', now(), status, case when status <> 'open' then now() end,
  case status when 'resolved' then now() end
from (values ('1', 'critical', 'open'), ('2', 'warning', 'open'), ('3', 'critical', 'acknowledged'), ('4', 'critical', 'resolved'))
  as v (n, severity, status);
select public.enqueue_job(tests.tenant_id('acme'), 'mail') from generate_series(1, 2);
insert into public.finished_jobs (tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, created_at, payload, error)
select tests.tenant_id('acme'), private.uuid_v7(), 'default', 'mail', status, 0, now(), 1, 1, now(), '{}', 'No'
from unnest('{dead, succeeded, dead, dead}'::text[]) as status;

select ops.refresh_materialized_views();
select tests.sign_in('acme_viewer');
select results_eq(
  $$select name, status, progress, tasks_total, tasks_done, tasks_cancelled, tasks_in_progress, tasks_blocked, tasks_overdue
    from public.workflow_performance_summary order by name$$,
  $$values ('Other', 'active', 0, 0, 0, 0, 0, 0, 0), ('Plan', 'active', 25, 5, 1, 1, 1, 1, 1)$$, 'O8: workflows and their tasks');
select results_eq(
  $$select first_due_at = now() - interval '1 day', last_done_at = now() - interval '1 hour', average_lead_seconds, average_cycle_seconds
    from public.workflow_performance_summary where name = 'Plan'$$,
  'values (true, true, 7200::double precision, 3600::double precision)', 'O8: how long they took, and what is next');
select results_eq(
  $$select done_per_day, efficiency, bottleneck_status, calculated_at = now() from public.workflow_performance_summary order by name desc$$,
  $$select done_per_day, efficiency, bottleneck_status, true from public.workflow_analytics
    union all values (null::double precision, null::double precision, null::text, null::boolean)$$, 'O8: with the last analytics');
select results_eq(
  $$select name, executions, executions_failed, success_share, average_ms, p95_ms from public.component_performance_summary where executions > 0$$,
  $$values ('builder', 5::bigint, 1::bigint, 0.7500, 2000::bigint, 2900::bigint)$$, 'O8: what components executed in a week');
select results_eq(
  $$select name, health_status, calls, calls_failed, calls_timed_out, calls_open, average_response_ms, p95_response_ms
    from public.component_performance_summary where calls > 0$$,
  $$values ('mailer', 'silent', 5::bigint, 1::bigint, 1::bigint, 1::bigint, 1500::bigint, 1950::bigint)$$, 'O8: and how they answered');
select is((select count(*) from public.component_performance_summary), 4::bigint, 'O8: those that did nothing are there, too');
select results_eq(
  $$select workflows_planned, workflows_active, tasks_pending, tasks_in_progress, tasks_review, tasks_blocked, tasks_done, tasks_cancelled, tasks_overdue
    from public.system_overview$$, 'values (0, 2, 1, 0, 1, 1, 1, 1, 1)', 'O8: workflows and tasks by status');
select results_eq(
  $$select components_unknown, components_healthy, components_silent, components_degraded + components_unhealthy from public.system_overview$$,
  'values (1, 1, 1, 0)', 'O8: enabled components by health');
select results_eq('select events_debug, events_info, events_warning, events_error, events_critical from public.system_overview',
  'values (0::bigint, 2::bigint, 0::bigint, 1::bigint, 1::bigint)', 'O8: events of the last day');
select results_eq(
  'select alerts_open, alerts_acknowledged, alerts_critical, jobs_queued, jobs_running, jobs_dead from public.system_overview',
  'values (2, 1, 2, 2::bigint, 0::bigint, 3::bigint)', 'O8: alerts and jobs');

select is(tests.rows_as('globex_member', format('select from public.%I', name)), 1, format('S4: another tenant sees its own %s', name))
from unnest('{workflow_performance_summary, component_performance_summary, system_overview}'::text[]) as name;
select is(tests.rows_as('acme_customer', 'select from public.system_overview'), 0, 'S1: a customer sees none');
delete from public.workflows;
select is(tests.rows_as('acme_viewer', 'select from public.workflow_performance_summary'), 2, 'O8: until the next refresh');

select * from finish();
rollback;
