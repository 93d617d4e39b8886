-- What can be worked on now. (O2)
-- It reads as many tasks as it returns, however many wait: private.task_readiness knows which do.

create function public.next_tasks(tenant_id uuid, workflow_id uuid, page_size integer default 10)
  returns setof public.tasks
  language plpgsql
  stable
  security definer -- nobody holds a right on private.task_readiness
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
  return query
  select t.*
  from (
    select r.task_id, r.priority_rank, r.position
    from private.task_readiness as r
    where r.tenant_id = next_tasks.tenant_id and r.workflow_id = next_tasks.workflow_id and r.is_ready
    order by r.priority_rank, r.position, r.task_id
    limit next_tasks.page_size
  ) as r
  join public.tasks as t on t.tenant_id = next_tasks.tenant_id and t.id = r.task_id
  order by r.priority_rank, r.position, r.task_id;
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
