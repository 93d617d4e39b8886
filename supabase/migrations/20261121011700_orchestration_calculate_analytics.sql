-- Throughput, lead and cycle time, efficiency and bottleneck of a workflow. (O6)
-- What keeps a task waiting is told as a chain. Of the tasks that it depends on, the one that is over
-- last decides when it can begin; that one itself could not begin before the last of those that it
-- depends on was over, and so on. At each moment in which a task waits, one task of its chain is it
-- that could be worked on: it holds up the waiting task then. So every waiting second is put down to one
-- task, and the bottleneck is where work would have freed most of them.

create function private.seconds_by_status(status text, since timestamptz, seconds jsonb)
  returns jsonb
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if seconds_by_status.status in ('done', 'cancelled') then
    return seconds_by_status.seconds;
  end if;
  return seconds_by_status.seconds || jsonb_build_object(
    seconds_by_status.status,
    coalesce((seconds_by_status.seconds ->> seconds_by_status.status)::numeric, 0)
      + greatest(extract(epoch from now() - seconds_by_status.since), 0)
  );
end
$$;
comment on function private.seconds_by_status(text, timestamptz, jsonb) is
  'How long a task has been in each status, with what it has spent in the present one; the time since it is over is '
  'spent in none. {"pending": 3600, "in_progress": 12.5}';
revoke all on function private.seconds_by_status(text, timestamptz, jsonb)
  from public, anon, authenticated, service_role;


create function private.calculate_task_analytics(tenant_id uuid, workflow_id uuid)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
#variable_conflict use_column
begin
  -- Looks for one task after the other, by its keys: nothing here may be joined that the planner knows
  -- nothing about, because the workflow may have been imported a moment ago.
  insert into public.task_analytics as a (
    tenant_id, workflow_id, task_id, calculated_at, lead_seconds, cycle_seconds, working_seconds, queued_seconds,
    waits_for_id, waited_from, waited_until
  )
  select
    t.tenant_id,
    t.workflow_id,
    t.id,
    now(),
    greatest(extract(epoch from s.end_at - s.began_at) - s.over, 0),
    case when t.started_at is not null then greatest(extract(epoch from s.end_at - t.started_at) - s.over, 0) end,
    s.working,
    case
      when w.until_at > w.from_at then greatest(s.pending - extract(epoch from w.until_at - w.from_at), 0)
      else s.pending
    end,
    case when w.until_at > w.from_at then w.blocker_id end,
    case when w.until_at > w.from_at then w.from_at end,
    case when w.until_at > w.from_at then w.until_at end
  from public.tasks as t
  cross join lateral (
    select
      least(t.created_at, t.started_at, t.finished_at) as began_at,
      coalesce(t.finished_at, now()) as end_at,
      coalesce((t.status_seconds ->> 'done')::double precision, 0)
        + coalesce((t.status_seconds ->> 'cancelled')::double precision, 0) as over,
      coalesce((r.seconds ->> 'in_progress')::double precision, 0)
        + coalesce((r.seconds ->> 'review')::double precision, 0) as working,
      coalesce((r.seconds ->> 'pending')::double precision, 0) as pending
    from (select private.seconds_by_status(t.status, t.status_since, t.status_seconds) as seconds) as r
  ) as s
  left join lateral (
    select
      d.depends_on_id as blocker_id,
      greatest(s.began_at, d.created_at) as from_at,
      least(
        case when b.status in ('done', 'cancelled') then b.finished_at else now() end,
        t.started_at,
        s.end_at
      ) as until_at
    from public.task_dependencies as d
    join public.tasks as b
      on b.tenant_id = d.tenant_id and b.workflow_id = d.depends_on_workflow_id and b.id = d.depends_on_id
    where d.tenant_id = t.tenant_id
      and d.workflow_id = t.workflow_id
      and d.type = 'blocks'
      -- What keeps a task from being begun keeps those below it from it, too.
      and d.task_id = any (case
        when t.parent_id is null then array[t.id]
        else array(
          with recursive above as (
            select t.id, t.parent_id
            union all
            select p.id, p.parent_id
            from above as a
            join public.tasks as p on p.tenant_id = t.tenant_id and p.id = a.parent_id
          )
          select a.id from above as a
        )
      end)
    order by
      case when b.status in ('done', 'cancelled') then b.finished_at else now() end desc,
      d.created_at,
      d.depends_on_id
    limit 1
  ) as w on true
  where t.tenant_id = calculate_task_analytics.tenant_id and t.workflow_id = calculate_task_analytics.workflow_id
  -- Two calculations at the same time write the rows in one order.
  order by t.id
  on conflict (tenant_id, workflow_id, task_id) do update
  set
    calculated_at = excluded.calculated_at,
    lead_seconds = excluded.lead_seconds,
    cycle_seconds = excluded.cycle_seconds,
    working_seconds = excluded.working_seconds,
    queued_seconds = excluded.queued_seconds,
    waits_for_id = excluded.waits_for_id,
    waited_from = excluded.waited_from,
    waited_until = excluded.waited_until
  -- What is over stays as it is, and costs no new version of its row.
  where (
    a.lead_seconds, a.cycle_seconds, a.working_seconds, a.queued_seconds, a.waits_for_id, a.waited_from, a.waited_until
  ) is distinct from (
    excluded.lead_seconds, excluded.cycle_seconds, excluded.working_seconds, excluded.queued_seconds,
    excluded.waits_for_id, excluded.waited_from, excluded.waited_until
  );
end
$$;
comment on function private.calculate_task_analytics(uuid, uuid) is
  'Writes the rows of task_analytics of a workflow, all but what each task holds up.';
revoke all on function private.calculate_task_analytics(uuid, uuid) from public, anon, authenticated, service_role;


create function private.share_waiting(tenant_id uuid, workflow_id uuid)
  returns table (holder_id uuid, seconds double precision, tasks integer)
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  -- holder: the blocker that the chain has come to, and the part of the waiting that leads to it. In the
  -- part in which that one waited itself, the next one is the holder; the rest is its own.
  with recursive chains as (
    select
      a.task_id as waiting,
      a.waits_for_id as holder,
      a.waited_from as since,
      a.waited_until as until,
      n.holder as next_holder,
      n.since as next_since,
      n.until as next_until,
      1 as steps
    from public.task_analytics as a
    join public.tasks as t
      on t.tenant_id = a.tenant_id and t.workflow_id = a.workflow_id and t.id = a.task_id and t.status <> 'cancelled'
    left join lateral (
      select
        k.waits_for_id as holder,
        greatest(k.waited_from, a.waited_from) as since,
        least(k.waited_until, a.waited_until) as until
      from public.task_analytics as k
      where k.tenant_id = a.tenant_id
        and k.workflow_id = a.workflow_id
        and k.task_id = a.waits_for_id
        and k.waits_for_id is not null
      offset 0
    ) as n on n.until > n.since
    where a.tenant_id = share_waiting.tenant_id
      and a.workflow_id = share_waiting.workflow_id
      and a.waits_for_id is not null
    union all
    select c.waiting, c.next_holder, c.next_since, c.next_until, n.holder, n.since, n.until, c.steps + 1
    from chains as c
    left join lateral (
      select
        k.waits_for_id as holder,
        greatest(k.waited_from, c.next_since) as since,
        least(k.waited_until, c.next_until) as until
      from public.task_analytics as k
      where k.tenant_id = share_waiting.tenant_id
        and k.workflow_id = share_waiting.workflow_id
        and k.task_id = c.next_holder
        and k.waits_for_id is not null
      offset 0
    ) as n on n.until > n.since and c.steps < 99
    where c.next_holder is not null
  ),
  shares as (
    select
      c.holder,
      c.waiting,
      extract(epoch from c.until - c.since) - coalesce(extract(epoch from c.next_until - c.next_since), 0) as seconds
    from chains as c
  )
  select s.holder, sum(s.seconds)::double precision, count(distinct s.waiting)::integer
  from shares as s
  where s.seconds > 0
  group by s.holder;
end
$$;
comment on function private.share_waiting(uuid, uuid) is
  'For each task because of which tasks of a workflow waited, how long, added up, and how many they are. Each second '
  'in which a task that is not cancelled waited (task_analytics.waited_from to waited_until) is put down to one task: '
  'from the blocker that was over last along the blockers of those, as long as each was waiting itself at that '
  'moment, at most 100 steps far. What a task of another workflow waits for is not followed.';
revoke all on function private.share_waiting(uuid, uuid) from public, anon, authenticated, service_role;


create function private.calculate_analytics(tenant_id uuid, workflow_id uuid)
  returns public.workflow_analytics
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_row public.workflow_analytics;
  v_holders uuid[];
  v_seconds double precision[];
  v_tasks integer[];
begin
  perform private.calculate_task_analytics(calculate_analytics.tenant_id, calculate_analytics.workflow_id);

  select array_agg(s.holder_id), array_agg(s.seconds), array_agg(s.tasks)
  into v_holders, v_seconds, v_tasks
  from private.share_waiting(calculate_analytics.tenant_id, calculate_analytics.workflow_id) as s;
  update public.task_analytics as a
  set held_up_seconds = 0, held_up_tasks = 0
  where a.tenant_id = calculate_analytics.tenant_id
    and a.workflow_id = calculate_analytics.workflow_id
    and a.held_up_tasks > 0
    and a.task_id <> all (coalesce(v_holders, '{}'));
  update public.task_analytics as a
  set held_up_seconds = h.seconds, held_up_tasks = h.tasks
  from unnest(v_holders, v_seconds, v_tasks) as h (id, seconds, tasks)
  where a.tenant_id = calculate_analytics.tenant_id
    and a.workflow_id = calculate_analytics.workflow_id
    and a.task_id = h.id
    and (a.held_up_seconds, a.held_up_tasks) is distinct from (h.seconds, h.tasks);
  select t.id, left(btrim(t.title), 500), h.seconds, h.tasks
  into v_row.bottleneck_task_id, v_row.bottleneck_title, v_row.bottleneck_seconds, v_row.bottleneck_tasks
  from unnest(v_holders, v_seconds, v_tasks) as h (id, seconds, tasks)
  join public.tasks as t on t.tenant_id = calculate_analytics.tenant_id and t.id = h.id
  order by h.seconds desc, t.created_at, t.id
  limit 1;

  select
    count(*)::integer,
    (count(*) filter (where t.status = 'done'))::integer,
    (count(*) filter (where t.status = 'cancelled'))::integer,
    (count(*) filter (where t.times_reopened > 0))::integer,
    coalesce(
      count(*) filter (where t.status = 'done' and t.finished_at > now() - interval '28 days')
        / least(
          greatest(extract(epoch from now() - min(least(t.created_at, t.started_at, t.finished_at))) / 86400, 1), 28
        ),
      0
    )::double precision,
    (percentile_cont(array[0.5, 0.9]) within group (order by a.lead_seconds) filter (where t.status = 'done'))[1],
    (percentile_cont(array[0.5, 0.9]) within group (order by a.lead_seconds) filter (where t.status = 'done'))[2],
    (percentile_cont(array[0.5, 0.9]) within group (order by a.cycle_seconds) filter (where t.status = 'done'))[1],
    (percentile_cont(array[0.5, 0.9]) within group (order by a.cycle_seconds) filter (where t.status = 'done'))[2],
    -- The two come from different clocks where an import said when a task began: never above the whole.
    sum(least(a.working_seconds, a.lead_seconds)) filter (where t.status = 'done')
      / nullif(sum(a.lead_seconds) filter (where t.status = 'done'), 0),
    sum(t.effort_estimate)
      filter (where t.status = 'done' and t.effort_estimate is not null and t.effort_actual is not null),
    sum(t.effort_actual)
      filter (where t.status = 'done' and t.effort_estimate is not null and t.effort_actual is not null)
  into
    v_row.tasks_total, v_row.tasks_done, v_row.tasks_cancelled, v_row.tasks_reopened, v_row.done_per_day,
    v_row.lead_seconds_median, v_row.lead_seconds_p90, v_row.cycle_seconds_median, v_row.cycle_seconds_p90,
    v_row.efficiency, v_row.effort_estimate, v_row.effort_actual
  from public.tasks as t
  join public.task_analytics as a on a.tenant_id = t.tenant_id and a.workflow_id = t.workflow_id and a.task_id = t.id
  where t.tenant_id = calculate_analytics.tenant_id and t.workflow_id = calculate_analytics.workflow_id;

  select
    coalesce(jsonb_object_agg(s.status, round(s.seconds::numeric, 3)) filter (where s.seconds > 0), '{}'),
    (
      array_agg(s.status order by s.seconds desc, s.place desc)
        filter (where s.seconds > 0 and s.status <> 'deferred')
    )[1]
  into v_row.status_seconds, v_row.bottleneck_status
  from (
    select
      o.status,
      o.place,
      sum(
        case
          when o.status = 'pending' then a.queued_seconds
          else coalesce((r.seconds ->> o.status)::double precision, 0)
        end
      ) as seconds
    from public.tasks as t
    join public.task_analytics as a on a.tenant_id = t.tenant_id and a.workflow_id = t.workflow_id and a.task_id = t.id
    cross join lateral (
      select private.seconds_by_status(t.status, t.status_since, t.status_seconds) as seconds offset 0
    ) as r
    cross join unnest(array['pending', 'in_progress', 'review', 'blocked', 'deferred'])
      with ordinality as o (status, place)
    where t.tenant_id = calculate_analytics.tenant_id
      and t.workflow_id = calculate_analytics.workflow_id
      and t.status <> 'cancelled'
    group by o.status, o.place
  ) as s;

  insert into public.workflow_analytics as w (
    tenant_id, workflow_id, day, tasks_total, tasks_done, tasks_cancelled, tasks_reopened, done_per_day,
    lead_seconds_median, lead_seconds_p90, cycle_seconds_median, cycle_seconds_p90, efficiency, effort_estimate,
    effort_actual, status_seconds, bottleneck_status, bottleneck_task_id, bottleneck_title, bottleneck_seconds,
    bottleneck_tasks
  )
  values (
    calculate_analytics.tenant_id, calculate_analytics.workflow_id, (now() at time zone 'utc')::date, v_row.tasks_total,
    v_row.tasks_done, v_row.tasks_cancelled, v_row.tasks_reopened, v_row.done_per_day, v_row.lead_seconds_median,
    v_row.lead_seconds_p90, v_row.cycle_seconds_median, v_row.cycle_seconds_p90, v_row.efficiency,
    v_row.effort_estimate, v_row.effort_actual, v_row.status_seconds, v_row.bottleneck_status,
    v_row.bottleneck_task_id, v_row.bottleneck_title, v_row.bottleneck_seconds, v_row.bottleneck_tasks
  )
  on conflict (tenant_id, workflow_id, day) do update
  set
    calculated_at = excluded.calculated_at,
    tasks_total = excluded.tasks_total,
    tasks_done = excluded.tasks_done,
    tasks_cancelled = excluded.tasks_cancelled,
    tasks_reopened = excluded.tasks_reopened,
    done_per_day = excluded.done_per_day,
    lead_seconds_median = excluded.lead_seconds_median,
    lead_seconds_p90 = excluded.lead_seconds_p90,
    cycle_seconds_median = excluded.cycle_seconds_median,
    cycle_seconds_p90 = excluded.cycle_seconds_p90,
    efficiency = excluded.efficiency,
    effort_estimate = excluded.effort_estimate,
    effort_actual = excluded.effort_actual,
    status_seconds = excluded.status_seconds,
    bottleneck_status = excluded.bottleneck_status,
    bottleneck_task_id = excluded.bottleneck_task_id,
    bottleneck_title = excluded.bottleneck_title,
    bottleneck_seconds = excluded.bottleneck_seconds,
    bottleneck_tasks = excluded.bottleneck_tasks
  returning w.* into v_row;
  return v_row;
end
$$;
comment on function private.calculate_analytics(uuid, uuid) is
  'What calculate_workflow_analytics and its schedule share. They know that the workflow is there.';
revoke all on function private.calculate_analytics(uuid, uuid) from public, anon, authenticated, service_role;


create function public.calculate_workflow_analytics(tenant_id uuid, workflow_id uuid)
  returns public.workflow_analytics
  language plpgsql
  volatile
  security definer -- nobody writes the analytics
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(calculate_workflow_analytics.tenant_id, 'member');
  end if;
  if not exists (
    select from public.workflows as w
    where w.tenant_id = calculate_workflow_analytics.tenant_id and w.id = calculate_workflow_analytics.workflow_id
  ) then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such workflow.',
      detail = format('workflow_id %s', coalesce(calculate_workflow_analytics.workflow_id::text, 'null')),
      hint = 'Check the id.';
  end if;
  return private.calculate_analytics(
    calculate_workflow_analytics.tenant_id, calculate_workflow_analytics.workflow_id
  );
end
$$;
comment on function public.calculate_workflow_analytics(uuid, uuid) is
  'Computes how a workflow and its tasks fare as of now, keeps that (workflow_analytics: a row a workflow and day '
  'in UTC, replaced on the same day; task_analytics: a row a task), and returns the row of the workflow: throughput '
  '(done_per_day), lead and cycle time of done tasks (seconds: median, 90th percentile), efficiency (0 to 1), effort '
  '(hours estimated and taken), bottleneck_task_id and bottleneck_title (the task, open or done, because of which '
  'others waited longest) and bottleneck_status (where tasks stay longest); the comments of the columns say how. '
  'Null is what cannot be told yet. For members and the service role; viewers read the tables. '
  'Raises PT404 for an unknown tenant or workflow, 42501 below member.';
revoke all on function public.calculate_workflow_analytics(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.calculate_workflow_analytics(uuid, uuid) to authenticated, service_role;


create function ops.calculate_changed_workflows(at_most integer default 200, budget interval default '20 seconds')
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  v_due record;
  v_calculated integer := 0;
begin
  -- A pass over all workflows, which takes milliseconds: an index on updated_at would have to be written
  -- whenever a task is done.
  for v_due in
    select w.tenant_id, w.id
    from public.workflows as w
    where w.updated_at > now() - interval '7 days'
      -- The time of a change is that at which its transaction began; by now it has ended.
      and w.updated_at < now() - interval '1 minute'
      -- A larger one takes seconds, of which nobody else's should wait.
      and w.tasks_total <= 10000
      and not exists (
        select from public.workflow_analytics as a
        where a.tenant_id = w.tenant_id
          and a.workflow_id = w.id
          and a.day >= (w.updated_at at time zone 'utc')::date
          and a.calculated_at >= w.updated_at
        offset 0
      )
    order by w.updated_at
    limit calculate_changed_workflows.at_most
  loop
    exit when clock_timestamp() - v_started > calculate_changed_workflows.budget;
    begin
      perform private.calculate_analytics(v_due.tenant_id, v_due.id);
      v_calculated := v_calculated + 1;
    exception
      -- It was deleted meanwhile, or has figures that no row can hold: one tenant must not stop the others.
      when others then
        raise warning 'The analytics of workflow % were not calculated: %', v_due.id, sqlerrm;
    end;
  end loop;
  return v_calculated;
end
$$;
comment on function ops.calculate_changed_workflows(integer, interval) is
  'Calculates the analytics of workflows that were changed within the last week and not calculated since, the '
  'longest ago first, a minute after the change: at most so many, none begun after the budget. A workflow changes '
  'when a task is added, done, cancelled or deleted, and when it is changed itself. One of more than 10,000 tasks is '
  'left to whoever asks. Returns how many. For the schedule calculate-workflow-analytics.';
revoke all on function ops.calculate_changed_workflows(integer, interval)
  from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'calculate-workflow-analytics',
  'How workflows fare that have changed since.',
  '*/5 * * * *',
  'sql',
  'select ops.calculate_changed_workflows()'
);
