-- Summaries of orchestration: materialized, private, each behind a tenant-filtered view. (O8, S4)
-- Computed for all tenants at each refresh, so that reading one tenant's costs the same beside a
-- million tasks as beside ten.

create materialized view private.workflow_performance_summary as
select
  w.tenant_id,
  w.id as workflow_id,
  w.name,
  w.status,
  w.progress,
  w.tasks_total,
  w.tasks_done,
  w.tasks_cancelled,
  coalesce(t.in_progress, 0)::integer as tasks_in_progress,
  coalesce(t.blocked, 0)::integer as tasks_blocked,
  coalesce(t.overdue, 0)::integer as tasks_overdue,
  t.first_due_at,
  t.last_done_at,
  t.average_lead_seconds,
  t.average_cycle_seconds,
  a.done_per_day,
  a.efficiency,
  a.bottleneck_status,
  a.bottleneck_task_id,
  a.bottleneck_title,
  a.bottleneck_seconds,
  a.calculated_at,
  w.started_at,
  w.finished_at,
  w.created_at
from public.workflows as w
left join (
  select
    k.tenant_id,
    k.workflow_id,
    count(*) filter (where k.status in ('in_progress', 'review')) as in_progress,
    count(*) filter (where k.status = 'blocked') as blocked,
    count(*) filter (where k.status not in ('done', 'cancelled') and k.due_at < now()) as overdue,
    min(k.due_at) filter (where k.status not in ('done', 'cancelled')) as first_due_at,
    max(k.finished_at) filter (where k.status = 'done') as last_done_at,
    avg(extract(epoch from k.finished_at - least(k.created_at, k.started_at, k.finished_at))::double precision)
      filter (where k.status = 'done') as average_lead_seconds,
    avg(greatest(extract(epoch from k.finished_at - k.started_at)::double precision, 0))
      filter (where k.status = 'done' and k.started_at is not null) as average_cycle_seconds
  from public.tasks as k
  group by k.tenant_id, k.workflow_id
) as t on t.tenant_id = w.tenant_id and t.workflow_id = w.id
left join lateral (
  select n.*
  from public.workflow_analytics as n
  where n.tenant_id = w.tenant_id and n.workflow_id = w.id
  order by n.day desc
  limit 1
) as a on true;
comment on materialized view private.workflow_performance_summary is
  'Each workflow, how far its tasks are and how long those that are done took, as of the last refresh; with what the '
  'last calculate_workflow_analytics said (done_per_day to calculated_at; null: never). tasks_in_progress: in review, '
  'too. first_due_at: of the tasks that are open.';

create unique index workflow_performance_summary_key on private.workflow_performance_summary (tenant_id, workflow_id);

call private.publish_materialized_view('workflow_performance_summary', read => 'viewer');


create materialized view private.component_performance_summary as
select
  c.tenant_id,
  c.id as component_id,
  c.name,
  c.type,
  c.is_enabled,
  c.health_status,
  c.health_changed_at,
  c.last_heartbeat_at,
  coalesce(h.executions, 0)::bigint as executions,
  coalesce(h.failed, 0)::bigint as executions_failed,
  round(h.succeeded::numeric / nullif(h.succeeded + h.failed, 0), 4) as success_share,
  h.average_ms,
  h.p95_ms,
  coalesce(m.calls, 0)::bigint as calls,
  coalesce(m.failed, 0)::bigint as calls_failed,
  coalesce(m.timed_out, 0)::bigint as calls_timed_out,
  coalesce(m.open, 0)::bigint as calls_open,
  m.average_response_ms,
  m.p95_response_ms
from public.components as c
left join (
  select
    e.tenant_id,
    e.component_id,
    count(*) as executions,
    count(*) filter (where e.status = 'succeeded') as succeeded,
    count(*) filter (where e.status = 'failed') as failed,
    round(avg(e.duration_ms) filter (where e.status = 'succeeded'))::bigint as average_ms,
    round(percentile_cont(0.95) within group (order by e.duration_ms) filter (where e.status = 'succeeded'))::bigint
      as p95_ms
  from public.execution_history as e
  where e.component_id is not null and e.created_at >= now() - interval '7 days'
  group by e.tenant_id, e.component_id
) as h on h.tenant_id = c.tenant_id and h.component_id = c.id
left join (
  select
    k.tenant_id,
    k.to_component_id as component_id,
    count(*) as calls,
    count(*) filter (where k.status = 'failed') as failed,
    count(*) filter (where k.status = 'timed_out') as timed_out,
    count(*) filter (where k.status in ('pending', 'waiting')) as open,
    round(avg(d.response_ms) filter (where k.status = 'succeeded'))::bigint as average_response_ms,
    round(percentile_cont(0.95) within group (order by d.response_ms) filter (where k.status = 'succeeded'))::bigint
      as p95_response_ms
  from public.component_communications as k
  cross join lateral (
    select extract(epoch from k.finished_at - k.started_at)::double precision * 1000 as response_ms
  ) as d
  where k.created_at >= now() - interval '7 days'
  group by k.tenant_id, k.to_component_id
) as m on m.tenant_id = c.tenant_id and m.component_id = c.id;
comment on materialized view private.component_performance_summary is
  'Each component and how it did in the seven days before the last refresh: what it executed, and the calls to it. '
  'success_share: of the executions that were not cancelled, 0 to 1. Times are of what succeeded; of a call, of its '
  'last attempt.';

create unique index component_performance_summary_key
  on private.component_performance_summary (tenant_id, component_id);

call private.publish_materialized_view('component_performance_summary', read => 'viewer');


create materialized view private.system_overview as
select
  t.id as tenant_id,
  now() as refreshed_at,
  coalesce(w.planned, 0)::integer as workflows_planned,
  coalesce(w.active, 0)::integer as workflows_active,
  coalesce(w.paused, 0)::integer as workflows_paused,
  coalesce(w.completed, 0)::integer as workflows_completed,
  coalesce(w.failed, 0)::integer as workflows_failed,
  coalesce(w.cancelled, 0)::integer as workflows_cancelled,
  coalesce(k.pending, 0)::integer as tasks_pending,
  coalesce(k.in_progress, 0)::integer as tasks_in_progress,
  coalesce(k.review, 0)::integer as tasks_review,
  coalesce(k.blocked, 0)::integer as tasks_blocked,
  coalesce(k.deferred, 0)::integer as tasks_deferred,
  coalesce(k.done, 0)::integer as tasks_done,
  coalesce(k.cancelled, 0)::integer as tasks_cancelled,
  coalesce(k.overdue, 0)::integer as tasks_overdue,
  coalesce(c.unknown, 0)::integer as components_unknown,
  coalesce(c.healthy, 0)::integer as components_healthy,
  coalesce(c.degraded, 0)::integer as components_degraded,
  coalesce(c.unhealthy, 0)::integer as components_unhealthy,
  coalesce(c.silent, 0)::integer as components_silent,
  coalesce(e.debug, 0)::bigint as events_debug,
  coalesce(e.info, 0)::bigint as events_info,
  coalesce(e.warning, 0)::bigint as events_warning,
  coalesce(e.error, 0)::bigint as events_error,
  coalesce(e.critical, 0)::bigint as events_critical,
  coalesce(a.open, 0)::integer as alerts_open,
  coalesce(a.acknowledged, 0)::integer as alerts_acknowledged,
  coalesce(a.critical, 0)::integer as alerts_critical,
  coalesce(j.queued, 0)::bigint as jobs_queued,
  coalesce(j.running, 0)::bigint as jobs_running,
  coalesce(d.dead, 0)::bigint as jobs_dead
from public.tenants as t
left join (
  select
    r.tenant_id,
    count(*) filter (where r.status = 'planned') as planned,
    count(*) filter (where r.status = 'active') as active,
    count(*) filter (where r.status = 'paused') as paused,
    count(*) filter (where r.status = 'completed') as completed,
    count(*) filter (where r.status = 'failed') as failed,
    count(*) filter (where r.status = 'cancelled') as cancelled
  from public.workflows as r
  group by r.tenant_id
) as w on w.tenant_id = t.id
left join (
  select
    r.tenant_id,
    count(*) filter (where r.status = 'pending') as pending,
    count(*) filter (where r.status = 'in_progress') as in_progress,
    count(*) filter (where r.status = 'review') as review,
    count(*) filter (where r.status = 'blocked') as blocked,
    count(*) filter (where r.status = 'deferred') as deferred,
    count(*) filter (where r.status = 'done') as done,
    count(*) filter (where r.status = 'cancelled') as cancelled,
    count(*) filter (where r.status not in ('done', 'cancelled') and r.due_at < now()) as overdue
  from public.tasks as r
  group by r.tenant_id
) as k on k.tenant_id = t.id
left join (
  select
    r.tenant_id,
    count(*) filter (where r.health_status = 'unknown') as unknown,
    count(*) filter (where r.health_status = 'healthy') as healthy,
    count(*) filter (where r.health_status = 'degraded') as degraded,
    count(*) filter (where r.health_status = 'unhealthy') as unhealthy,
    count(*) filter (where r.health_status = 'silent') as silent
  from public.components as r
  where r.is_enabled
  group by r.tenant_id
) as c on c.tenant_id = t.id
-- By each tenant's own index: a day of events is a small part of the month that a pass would read.
left join lateral (
  select
    count(*) filter (where r.severity = 'debug') as debug,
    count(*) filter (where r.severity = 'info') as info,
    count(*) filter (where r.severity = 'warning') as warning,
    count(*) filter (where r.severity = 'error') as error,
    count(*) filter (where r.severity = 'critical') as critical
  from public.events as r
  where r.tenant_id = t.id and r.created_at > now() - interval '1 day'
) as e on true
left join (
  select
    r.tenant_id,
    count(*) filter (where r.status = 'open') as open,
    count(*) filter (where r.status = 'acknowledged') as acknowledged,
    count(*) filter (where r.severity = 'critical') as critical
  from public.tenant_alerts as r
  where r.status <> 'resolved'
  group by r.tenant_id
) as a on a.tenant_id = t.id
left join (
  select
    r.tenant_id,
    count(*) filter (where r.status = 'queued') as queued,
    count(*) filter (where r.status = 'running') as running
  from public.job_queue as r
  group by r.tenant_id
) as j on j.tenant_id = t.id
left join (
  select r.tenant_id, count(*) as dead from public.finished_jobs as r where r.status = 'dead' group by r.tenant_id
) as d on d.tenant_id = t.id;
comment on materialized view private.system_overview is
  'One row a tenant, as of the last refresh: workflows and tasks by status, enabled components by health, events of '
  'the day before by severity, alerts that are not resolved (alerts_critical: open or acknowledged), jobs that wait, '
  'run, or are dead and still kept.';

create unique index system_overview_key on private.system_overview (tenant_id);

call private.publish_materialized_view('system_overview', read => 'viewer');
