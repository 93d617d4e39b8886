-- What can be worked on now. (O2)

create function public.next_tasks(tenant_id uuid, workflow_id uuid, page_size integer default 10)
  returns setof public.tasks
  language plpgsql
  stable
  security definer -- looks around each task it passes: policies on all of that would cost more than the looks
  set search_path = ''
as $$
declare
  v_status text;
begin
  if not private.is_trusted_session() then
    perform private.require_role(next_tasks.tenant_id, 'viewer');
  end if;
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
  -- "offset 0" keeps the looks what they are, index descents for one task after the other until the
  -- page is full. As joins they would be planned for a workflow of common size, and a cached plan
  -- that nests loops over ten thousand tasks takes minutes.
  return query
  select t.*
  from (
    select p.id, p.priority_rank, p.position
    from public.tasks as p
    where p.tenant_id = next_tasks.tenant_id
      and p.workflow_id = next_tasks.workflow_id
      and p.status = 'pending'
      -- What is cancelled keeps nobody waiting, as what is done does not: it will not come.
      and not exists (
        select from public.task_dependencies as d
        join public.tasks as b
          on b.tenant_id = d.tenant_id and b.workflow_id = d.depends_on_workflow_id and b.id = d.depends_on_id
        where d.tenant_id = next_tasks.tenant_id
          and d.workflow_id = next_tasks.workflow_id
          and d.task_id = p.id
          and d.type = 'blocks'
          and b.status not in ('done', 'cancelled')
        offset 0
      )
      -- A task that is cut into subtasks is worked on through these, and closed after the last.
      and not exists (
        select from public.tasks as c
        where c.tenant_id = next_tasks.tenant_id
          and c.workflow_id = next_tasks.workflow_id
          and c.parent_id = p.id
          and c.status not in ('done', 'cancelled')
        offset 0
      )
      -- Whatever keeps a task from being begun keeps those below it from it, too.
      and (
        p.parent_id is null
        or not exists (
          with recursive above as (
            select p.parent_id as id
            union all
            select t.parent_id
            from above as a
            join public.tasks as t on t.tenant_id = next_tasks.tenant_id and t.id = a.id
            where t.parent_id is not null
          )
          select from above as a
          join public.tasks as t on t.tenant_id = next_tasks.tenant_id and t.id = a.id
          where t.status in ('blocked', 'deferred', 'cancelled')
            or exists (
              select from public.task_dependencies as d
              join public.tasks as b
                on b.tenant_id = d.tenant_id and b.workflow_id = d.depends_on_workflow_id and b.id = d.depends_on_id
              where d.tenant_id = next_tasks.tenant_id
                and d.workflow_id = next_tasks.workflow_id
                and d.task_id = a.id
                and d.type = 'blocks'
                and b.status not in ('done', 'cancelled')
              offset 0
            )
          offset 0
        )
      )
    order by p.priority_rank, p.position, p.id
    limit next_tasks.page_size
  ) as r
  join public.tasks as t on t.tenant_id = next_tasks.tenant_id and t.id = r.id
  order by r.priority_rank, r.position, r.id;
end
$$;
comment on function public.next_tasks(uuid, uuid, integer) is
  'The tasks of a workflow that can be begun now, most urgent first: pending ones that wait for no '
  'other task, have no open subtask, and lie below nothing that waits or is blocked, deferred or '
  'cancelled. What is cancelled keeps nobody waiting. None while the workflow is paused or over. '
  'Raises PT404 for a tenant or workflow that is unknown or out of reach, 42501 below viewer, 22023 '
  'unless page_size is between 1 and 1000.';
revoke all on function public.next_tasks(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.next_tasks(uuid, uuid, integer) to authenticated, service_role;
