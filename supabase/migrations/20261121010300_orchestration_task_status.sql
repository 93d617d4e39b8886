-- The life of a task, and the progress of its workflow, which follows. (O1, O2)
-- One statement on tasks is one update of each of its workflows, by what changed: nothing is
-- counted again. Lock order: tasks (those of the statement), then their workflows by (tenant, id).
-- So transactions that change tasks of one workflow commit one after the other, and the second adds
-- to what the first has left.

-- Every status leads back to pending, so that an import can follow whatever its source did.
create trigger _140_follow_life_cycle
  before update of status on public.tasks
  for each row
  when (old.status is distinct from new.status)
  execute function private.tg__follow_life_cycle(
    'A task',
    'pending: in_progress, blocked, deferred, done, cancelled',
    'in_progress: pending, review, blocked, deferred, done, cancelled',
    'review: pending, in_progress, blocked, deferred, done, cancelled',
    'blocked: pending, in_progress, deferred, cancelled',
    'deferred: pending, in_progress, blocked, cancelled',
    'done: pending, in_progress',
    'cancelled: pending'
  );


create function private.tg_tasks__stamp()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    new.finished_at := null;
  end if;
  if new.status = 'in_progress' then
    new.started_at := coalesce(new.started_at, now());
  end if;
  if new.status in ('done', 'cancelled') then
    new.finished_at := coalesce(new.finished_at, now());
  end if;
  return new;
end
$$;
comment on function private.tg_tasks__stamp() is
  'Before insert of a task and before its status changes: stamps when it began and ended.';
revoke all on function private.tg_tasks__stamp() from public, anon, authenticated, service_role;

create trigger _150_start
  before insert on public.tasks
  for each row
  when (new.status in ('in_progress', 'done', 'cancelled'))
  execute function private.tg_tasks__stamp();
create trigger _150_stamp
  before update of status on public.tasks
  for each row
  when (old.status is distinct from new.status)
  execute function private.tg_tasks__stamp();


create function private.lock_workflows(tenant_ids uuid[], workflow_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- locks workflows whoever changes their tasks
  set search_path = ''
as $$
begin
  perform from public.workflows as w
  where (w.tenant_id, w.id) in (select * from unnest(lock_workflows.tenant_ids, lock_workflows.workflow_ids))
  order by w.tenant_id, w.id
  for no key update;
end
$$;
comment on function private.lock_workflows(uuid[], uuid[]) is
  'Locks workflows until the end of the transaction, always in one order, so that two statements over '
  'the same ones do not wait for each other. One place of the two lists is one workflow.';
revoke all on function private.lock_workflows(uuid[], uuid[]) from public, anon, authenticated, service_role;


create function private.count_tasks(
  tenant_ids uuid[],
  workflow_ids uuid[],
  total integer[],
  done integer[],
  cancelled integer[]
)
  returns void
  language plpgsql
  volatile
  security definer -- nobody writes the counters
  set search_path = ''
as $$
begin
  -- One workflow is locked by its own update.
  if cardinality(count_tasks.workflow_ids) > 1 then
    perform private.lock_workflows(count_tasks.tenant_ids, count_tasks.workflow_ids);
  end if;
  update public.workflows as w
  set
    tasks_total = w.tasks_total + d.total,
    tasks_done = w.tasks_done + d.done,
    tasks_cancelled = w.tasks_cancelled + d.cancelled
  from unnest(
    count_tasks.tenant_ids,
    count_tasks.workflow_ids,
    count_tasks.total,
    count_tasks.done,
    count_tasks.cancelled
  ) as d (tenant_id, workflow_id, total, done, cancelled)
  where w.tenant_id = d.tenant_id and w.id = d.workflow_id;
end
$$;
comment on function private.count_tasks(uuid[], uuid[], integer[], integer[], integer[]) is
  'Adds to the counters of workflows: one place of the five lists is one workflow. Leaves those '
  'workflows locked until the end of the transaction.';
revoke all on function private.count_tasks(uuid[], uuid[], integer[], integer[], integer[])
  from public, anon, authenticated, service_role;


create function private.tg_tasks__count_added()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute, and looks at workflows whoever asks
  set search_path = ''
as $$
declare
  v_tenants uuid[];
  v_workflows uuid[];
  v_total integer[];
  v_done integer[];
  v_cancelled integer[];
  v_finished record;
begin
  select
    array_agg(c.tenant_id), array_agg(c.workflow_id), array_agg(c.total), array_agg(c.done), array_agg(c.cancelled)
  into v_tenants, v_workflows, v_total, v_done, v_cancelled
  from (
    select
      a.tenant_id,
      a.workflow_id,
      count(*)::integer as total,
      count(*) filter (where a.status = 'done')::integer as done,
      count(*) filter (where a.status = 'cancelled')::integer as cancelled
    from added as a
    group by a.tenant_id, a.workflow_id
  ) as c;
  if v_workflows is null then
    return null;
  end if;
  -- Counted first: that locks the workflows, so nobody ends one between the look and the commit.
  perform private.count_tasks(v_tenants, v_workflows, v_total, v_done, v_cancelled);
  select w.id, w.status into v_finished
  from public.workflows as w
  where (w.tenant_id, w.id) in (select * from unnest(v_tenants, v_workflows))
    and w.status in ('completed', 'cancelled')
  limit 1;
  if found then
    raise exception using
      errcode = 'PT409',
      message = format('The workflow is %s: it takes no further task.', v_finished.status),
      detail = format('workflow_id %s', v_finished.id),
      hint = 'Take it up again with update_workflow_status.';
  end if;
  return null;
end
$$;
comment on function private.tg_tasks__count_added() is
  'After insert of tasks: counts them in their workflows. Raises PT409 for a workflow that is over.';
revoke all on function private.tg_tasks__count_added() from public, anon, authenticated, service_role;

create trigger _300_count_added
  after insert on public.tasks
  referencing new table as added
  for each statement execute function private.tg_tasks__count_added();


create function private.tg_tasks__count_changed()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute
  set search_path = ''
as $$
declare
  v_tenants uuid[];
  v_workflows uuid[];
  v_total integer[];
  v_done integer[];
  v_cancelled integer[];
begin
  select
    array_agg(c.tenant_id), array_agg(c.workflow_id), array_agg(0), array_agg(c.done), array_agg(c.cancelled)
  into v_tenants, v_workflows, v_total, v_done, v_cancelled
  from (
    select
      r.tenant_id,
      r.workflow_id,
      (sum(r.weight) filter (where r.status = 'done'))::integer as done,
      (sum(r.weight) filter (where r.status = 'cancelled'))::integer as cancelled
    from (
      select a.tenant_id, a.workflow_id, a.status, 1 as weight from after_change as a
      union all
      select b.tenant_id, b.workflow_id, b.status, -1 from before_change as b
    ) as r
    where r.status in ('done', 'cancelled')
    group by r.tenant_id, r.workflow_id
  ) as c
  where c.done <> 0 or c.cancelled <> 0;
  if v_workflows is not null then
    perform private.count_tasks(
      v_tenants, v_workflows, v_total, array_replace(v_done, null, 0), array_replace(v_cancelled, null, 0)
    );
  end if;
  return null;
end
$$;
comment on function private.tg_tasks__count_changed() is
  'After update of tasks: counts in their workflows what is done or cancelled now and what no longer '
  'is.';
revoke all on function private.tg_tasks__count_changed() from public, anon, authenticated, service_role;

create trigger _300_count_changed
  after update on public.tasks
  referencing old table as before_change new table as after_change
  for each statement execute function private.tg_tasks__count_changed();


create function private.tg_tasks__count_gone()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute
  set search_path = ''
as $$
begin
  -- Of a workflow that is deleted with its tasks there is nothing left to update.
  perform private.count_tasks(
    array_agg(c.tenant_id), array_agg(c.workflow_id), array_agg(c.total), array_agg(c.done), array_agg(c.cancelled)
  )
  from (
    select
      g.tenant_id,
      g.workflow_id,
      -count(*)::integer as total,
      -count(*) filter (where g.status = 'done')::integer as done,
      -count(*) filter (where g.status = 'cancelled')::integer as cancelled
    from gone as g
    group by g.tenant_id, g.workflow_id
  ) as c
  having count(*) > 0;
  return null;
end
$$;
comment on function private.tg_tasks__count_gone() is
  'After delete of tasks: takes them out of the counters of their workflows.';
revoke all on function private.tg_tasks__count_gone() from public, anon, authenticated, service_role;

create trigger _300_count_gone
  after delete on public.tasks
  referencing old table as gone
  for each statement execute function private.tg_tasks__count_gone();


create function public.update_task_status(tenant_id uuid, task_id uuid, status text)
  returns table (previous_status text, new_status text, workflow_id uuid, workflow_progress integer)
  language plpgsql
  volatile
  security definer -- asks for the caller's rank, with a helper that nobody may execute
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(update_task_status.tenant_id, 'member');
  end if;
  select t.status into previous_status
  from public.tasks as t
  where t.tenant_id = update_task_status.tenant_id and t.id = update_task_status.task_id
  for no key update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such task.',
      detail = format('task_id %s', coalesce(update_task_status.task_id::text, 'null')),
      hint = 'Check the id.';
  end if;
  update public.tasks as t
  set status = update_task_status.status
  where t.tenant_id = update_task_status.tenant_id and t.id = update_task_status.task_id
  returning t.status, t.workflow_id into new_status, update_task_status.workflow_id;
  select w.progress into workflow_progress
  from public.workflows as w
  where w.tenant_id = update_task_status.tenant_id and w.id = update_task_status.workflow_id;
  return next;
end
$$;
comment on function public.update_task_status(uuid, uuid, text) is
  'Moves a task to another status and says how far its workflow is now; the status it has already '
  'changes nothing. For members and the service role. '
  'Raises PT404 for an unknown tenant or task, 42501 below member, PT409 for a change that the state '
  'machine does not have (the hint says which it has).';
revoke all on function public.update_task_status(uuid, uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.update_task_status(uuid, uuid, text) to authenticated, service_role;
