-- What can be worked on now. (O2)

-- Everything but what is done, with all that next_tasks asks: it reads no row but those it returns.
create index tasks_open_idx on public.tasks (tenant_id, workflow_id, priority_rank, position, id, parent_id, status)
  where status <> 'done';


create function public.next_tasks(tenant_id uuid, workflow_id uuid, page_size integer default 10)
  returns setof public.tasks
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_status text;
begin
  if next_tasks.page_size is null or next_tasks.page_size not between 1 and 1000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'page_size must be between 1 and 1000.',
      detail = format('page_size %s', coalesce(next_tasks.page_size::text, 'null'));
  end if;
  select w.status into v_status
  from public.workflows as w
  where w.tenant_id = next_tasks.tenant_id and w.id = next_tasks.workflow_id;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such workflow.',
      detail = format('workflow_id %s', coalesce(next_tasks.workflow_id::text, 'null')),
      hint = 'Check the id.';
  end if;
  if v_status not in ('planned', 'active') then
    return;
  end if;
  return query
  with recursive
    unfinished as materialized (
      select t.id, t.parent_id, t.status, t.priority_rank, t.position
      from public.tasks as t
      where t.tenant_id = next_tasks.tenant_id and t.workflow_id = next_tasks.workflow_id and t.status <> 'done'
    ),
    -- What is cancelled keeps nobody waiting, as what is done does not: it will not come.
    waiting as materialized (
      select d.task_id
      from public.task_dependencies as d
      join unfinished as b on b.id = d.depends_on_id
      where d.tenant_id = next_tasks.tenant_id
        and d.workflow_id = next_tasks.workflow_id
        and d.type = 'blocks'
        and b.status <> 'cancelled'
      union
      select d.task_id
      from public.task_dependencies as d
      join public.tasks as b
        on b.tenant_id = d.tenant_id and b.workflow_id = d.depends_on_workflow_id and b.id = d.depends_on_id
      where d.tenant_id = next_tasks.tenant_id
        and d.workflow_id = next_tasks.workflow_id
        and d.workflow_id <> d.depends_on_workflow_id
        and d.type = 'blocks'
        and b.status not in ('done', 'cancelled')
    ),
    -- Whatever keeps a task from being begun keeps those below it from it, too.
    held as (
      (
        select u.id from unfinished as u where u.status in ('blocked', 'deferred', 'cancelled')
        union all
        select w.task_id from waiting as w
      )
      union
      select u.id from held as h join unfinished as u on u.parent_id = h.id
    ),
    ready as (
      select u.id, u.priority_rank, u.position
      from unfinished as u
      where u.status = 'pending'
        and not exists (select from held as h where h.id = u.id)
        -- A task that is cut into subtasks is worked on through these, and closed after the last.
        and not exists (select from unfinished as c where c.parent_id = u.id and c.status <> 'cancelled')
      order by u.priority_rank, u.position, u.id
      limit next_tasks.page_size
    )
  select t.*
  from ready as r
  join public.tasks as t on t.tenant_id = next_tasks.tenant_id and t.id = r.id
  order by r.priority_rank, r.position, r.id;
end
$$;
comment on function public.next_tasks(uuid, uuid, integer) is
  'The tasks of a workflow that can be begun now, most urgent first: pending ones that wait for no '
  'other task, have no open subtask, and lie below nothing that waits or is blocked, deferred or '
  'cancelled. None while the workflow is paused or over. '
  'Raises PT404 for a workflow that is unknown or out of reach, 22023 unless page_size is between 1 '
  'and 1000.';
revoke all on function public.next_tasks(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.next_tasks(uuid, uuid, integer) to authenticated, service_role;
