-- What to look at first in a tenant's work. (O7)
-- Asked for and not kept: each line is gone when its cause is. Alerts, components and tasks are as of
-- now; what is counted over many rows is as of the last refresh of the summaries.

create function public.get_recommendations(tenant_id uuid, page_size integer default 50)
  returns table (
    kind text,
    severity text,
    subject_type text,
    subject_id uuid,
    subject_name text,
    reason text,
    recommendation text,
    since timestamptz
  )
  language plpgsql
  stable
  security definer -- reads summaries, which are granted to nobody
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(get_recommendations.tenant_id, 'viewer');
  end if;
  if get_recommendations.page_size is null or get_recommendations.page_size not between 1 and 1000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'page_size must be between 1 and 1000.',
      detail = format('page_size %s', coalesce(get_recommendations.page_size::text, 'null'));
  end if;
  return query
  select r.kind, r.severity, r.subject_type, r.subject_id, r.subject_name, r.reason, r.recommendation, r.since
  from (
    select
      'alert' as kind,
      a.severity,
      'alert' as subject_type,
      a.id as subject_id,
      a.details ->> 'name' as subject_name,
      a.title as reason,
      a.recommendation,
      a.began_at as since
    from public.tenant_alerts as a
    where a.tenant_id = get_recommendations.tenant_id and a.status <> 'resolved'
    union all
    select
      'component_health',
      case when c.health_status = 'degraded' then 'warning' else 'critical' end,
      'component',
      c.id,
      c.name,
      format('It is %s.', c.health_status),
      case
        when c.health_status = 'silent' then 'See whether it is running and can reach the API, or disable it.'
        else 'Read its health_details and its last events.'
      end,
      c.health_changed_at
    from public.components as c
    where c.tenant_id = get_recommendations.tenant_id
      and c.is_enabled
      and c.health_status in ('degraded', 'unhealthy', 'silent')
    union all
    select
      'component_failures',
      case when p.success_share < 0.5 then 'critical' else 'warning' end,
      'component',
      p.component_id,
      p.name,
      format('%s of %s executions of the last seven days failed.', p.executions_failed, p.executions),
      'Read the errors in execution_history, the newest first.',
      null
    from private.component_performance_summary as p
    where p.tenant_id = get_recommendations.tenant_id
      and p.is_enabled
      -- Of a few, some fail by chance.
      and p.executions >= 20
      and p.success_share < 0.9
    union all
    (
      select
        'bottleneck',
        'warning',
        'task',
        t.id,
        t.title,
        format(
          '%s %s of %s waited because of it, %s days added up.',
          a.held_up_tasks, case when a.held_up_tasks = 1 then 'task' else 'tasks' end, w.name,
          round((a.held_up_seconds / 86400)::numeric, 1)
        ),
        case t.status
          when 'pending' then 'Give it to somebody: it could be begun.'
          when 'review' then 'Have it reviewed.'
          when 'in_progress' then 'Help with it, or cut it into parts that others need not wait for.'
          else 'Clear up what keeps it, or take the dependencies on it away.'
        end,
        t.status_since
      from public.task_analytics as a
      join public.tasks as t
        on t.tenant_id = a.tenant_id and t.workflow_id = a.workflow_id and t.id = a.task_id
        and t.status not in ('done', 'cancelled')
      join public.workflows as w
        on w.tenant_id = a.tenant_id and w.id = a.workflow_id and w.status in ('planned', 'active')
      where a.tenant_id = get_recommendations.tenant_id
        and a.held_up_tasks > 0
        and a.held_up_seconds >= 86400
      order by a.held_up_seconds desc
      limit get_recommendations.page_size
    )
    union all
    select
      'overdue',
      'warning',
      'workflow',
      s.workflow_id,
      s.name,
      format('%s of its tasks %s overdue.', s.tasks_overdue, case when s.tasks_overdue = 1 then 'is' else 'are' end),
      'Do them, or give them another day.',
      s.first_due_at
    from private.workflow_performance_summary as s
    where s.tenant_id = get_recommendations.tenant_id
      and s.status in ('planned', 'active', 'paused')
      and s.tasks_overdue > 0
    union all
    select
      'nothing_left',
      'info',
      'workflow',
      s.workflow_id,
      s.name,
      'All its tasks have been over for a day.',
      'Complete it, or add what is missing.',
      s.last_done_at
    from private.workflow_performance_summary as s
    where s.tenant_id = get_recommendations.tenant_id
      and s.status = 'active'
      and s.progress = 100
      and s.last_done_at < now() - interval '1 day'
  ) as r
  order by array_position('{critical, warning, info}'::text[], r.severity), r.since nulls last, r.subject_id
  limit get_recommendations.page_size;
end
$$;
comment on function public.get_recommendations(uuid, integer) is
  'What to look at first in a tenant''s work: the most severe first (critical, warning, info), then what has lasted '
  'longest. kind: alert (a tenant alert that is not resolved), component_health (degraded, unhealthy or silent), '
  'component_failures (more than a tenth of at least 20 executions of seven days), bottleneck (an open task because '
  'of which others waited a day or more, by the last calculate_workflow_analytics), overdue (a workflow with such '
  'tasks), nothing_left (an active workflow all of whose tasks are over). subject_type (alert, component, task, '
  'workflow), subject_id and subject_name say of what; reason and recommendation are sentences. Failures, overdue and '
  'nothing_left are as of the last refresh of the summaries. '
  'Raises PT404 for a tenant that is unknown or out of reach, 42501 below viewer, 22023 unless page_size is between '
  '1 and 1000.';
revoke all on function public.get_recommendations(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.get_recommendations(uuid, integer) to authenticated, service_role;
