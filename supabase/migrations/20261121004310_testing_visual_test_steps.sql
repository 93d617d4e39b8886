-- The order of a flow's steps: insert, move, remove, replace. (T3)
-- Each function locks the flow before it looks at its steps: changes of one flow go one behind the
-- other, and those of other flows do not wait.

create function private.lock_test_flow(tenant_id uuid, flow_id uuid)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_archived boolean;
begin
  select f.is_archived into v_archived
  from public.visual_test_flows as f
  where f.tenant_id = lock_test_flow.tenant_id and f.id = lock_test_flow.flow_id
  for no key update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such flow.',
      detail = format('flow_id %s', coalesce(lock_test_flow.flow_id::text, 'null'));
  end if;
  if v_archived then
    raise exception using
      errcode = 'PT409',
      message = 'The flow is archived.',
      detail = format('flow_id %s', lock_test_flow.flow_id),
      hint = 'Set its is_archived to false first.';
  end if;
end
$$;
comment on function private.lock_test_flow(uuid, uuid) is
  'Locks a flow until the end of the transaction. Asks nobody: for functions that have asked. '
  'Raises PT404 for an unknown flow, PT409 for an archived one.';
revoke all on function private.lock_test_flow(uuid, uuid) from public, anon, authenticated, service_role;


create function private.require_test_flow(tenant_id uuid, flow_id uuid)
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(require_test_flow.tenant_id, 'member');
  end if;
  perform private.lock_test_flow(require_test_flow.tenant_id, require_test_flow.flow_id);
  return (
    select count(*)
    from public.visual_test_steps as s
    where s.tenant_id = require_test_flow.tenant_id and s.flow_id = require_test_flow.flow_id
  );
end
$$;
comment on function private.require_test_flow(uuid, uuid) is
  'Locks a flow for a change of its steps and returns how many it has. Raises PT404 for an unknown '
  'tenant or flow, 42501 below member, PT409 for an archived flow.';
revoke all on function private.require_test_flow(uuid, uuid) from public, anon, authenticated, service_role;


create function private.require_test_step(tenant_id uuid, step_id uuid)
  returns public.visual_test_steps
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_step public.visual_test_steps;
begin
  if not private.is_trusted_session() then
    perform private.require_role(require_test_step.tenant_id, 'member');
  end if;
  select s.* into v_step
  from public.visual_test_steps as s
  where s.tenant_id = require_test_step.tenant_id and s.id = require_test_step.step_id;
  if found then
    perform private.lock_test_flow(v_step.tenant_id, v_step.flow_id);
    -- Again, now that the flow is locked: it may have been moved or removed meanwhile.
    select s.* into v_step
    from public.visual_test_steps as s
    where s.tenant_id = require_test_step.tenant_id and s.id = require_test_step.step_id;
  end if;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such step.',
      detail = format('step_id %s', coalesce(require_test_step.step_id::text, 'null'));
  end if;
  return v_step;
end
$$;
comment on function private.require_test_step(uuid, uuid) is
  'Locks the flow of a step and returns the step. Raises PT404 for an unknown tenant or step, 42501 '
  'below member, PT409 for a step of an archived flow.';
revoke all on function private.require_test_step(uuid, uuid) from public, anon, authenticated, service_role;


create function private.require_step_position("position" integer, last integer)
  returns void
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
begin
  if require_step_position.position is null
    or require_step_position.position not between 1 and require_step_position.last
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('position must be between 1 and %s.', require_step_position.last),
      detail = format('position %s', coalesce(require_step_position.position::text, 'null'));
  end if;
end
$$;
comment on function private.require_step_position(integer, integer) is
  'Raises 22023 outside the positions that there are.';
revoke all on function private.require_step_position(integer, integer)
  from public, anon, authenticated, service_role;


create function public.insert_visual_test_step(
  tenant_id uuid,
  flow_id uuid,
  action text,
  target text default null,
  value text default null,
  expectation jsonb default '{}',
  settings jsonb default '{}',
  timeout_ms integer default null,
  description text default null,
  "position" integer default null
)
  returns uuid
  language plpgsql
  volatile
  security definer -- steps are inserted by functions only
  set search_path = ''
as $$
declare
  v_steps constant integer := private.require_test_flow(
    insert_visual_test_step.tenant_id, insert_visual_test_step.flow_id
  );
  v_position constant integer := coalesce(insert_visual_test_step.position, v_steps + 1);
  v_step uuid;
begin
  perform private.require_step_position(v_position, v_steps + 1);
  if v_steps >= 1000 then
    raise exception using
      errcode = 'PT409',
      message = 'A flow has at most 1000 steps.',
      detail = format('flow_id %s', insert_visual_test_step.flow_id),
      hint = 'Remove steps, or begin another flow.';
  end if;
  update public.visual_test_steps as s
  set position = s.position + 1
  where s.tenant_id = insert_visual_test_step.tenant_id
    and s.flow_id = insert_visual_test_step.flow_id
    and s.position >= v_position;
  insert into public.visual_test_steps (
    tenant_id, flow_id, position, action, target, value, expectation, settings, timeout_ms, description
  )
  values (
    insert_visual_test_step.tenant_id, insert_visual_test_step.flow_id, v_position, insert_visual_test_step.action,
    insert_visual_test_step.target, insert_visual_test_step.value, insert_visual_test_step.expectation,
    insert_visual_test_step.settings, insert_visual_test_step.timeout_ms, insert_visual_test_step.description
  )
  returning id into v_step;
  return v_step;
end
$$;
comment on function public.insert_visual_test_step(
  uuid, uuid, text, text, text, jsonb, jsonb, integer, text, integer
) is
  'Inserts a step at a position, at the end by default, and returns its id; the steps from there on '
  'move back by one. For members and the service role. Raises PT404 for an unknown tenant or flow, '
  '42501 below member, PT409 for an archived flow or one of 1000 steps, 22023 for a position beyond '
  'the end, 23514 for values that a step cannot have.';
revoke all on function public.insert_visual_test_step(
  uuid, uuid, text, text, text, jsonb, jsonb, integer, text, integer
) from public, anon, authenticated, service_role;
grant execute on function public.insert_visual_test_step(
  uuid, uuid, text, text, text, jsonb, jsonb, integer, text, integer
) to authenticated, service_role;


create function public.move_visual_test_step(tenant_id uuid, step_id uuid, "position" integer)
  returns void
  language plpgsql
  volatile
  security definer -- the position is granted to nobody
  set search_path = ''
as $$
declare
  v_step constant public.visual_test_steps := private.require_test_step(
    move_visual_test_step.tenant_id, move_visual_test_step.step_id
  );
  v_to constant integer := move_visual_test_step.position;
begin
  perform private.require_step_position(
    v_to,
    (
      select max(s.position)
      from public.visual_test_steps as s
      where s.tenant_id = v_step.tenant_id and s.flow_id = v_step.flow_id
    )
  );
  update public.visual_test_steps as s
  set position = case when s.id = v_step.id then v_to else s.position + sign(v_step.position - v_to)::integer end
  where s.tenant_id = v_step.tenant_id
    and s.flow_id = v_step.flow_id
    and s.position between least(v_step.position, v_to) and greatest(v_step.position, v_to);
end
$$;
comment on function public.move_visual_test_step(uuid, uuid, integer) is
  'Moves a step to a position of its flow; the steps between move up or back by one. For members '
  'and the service role. Raises PT404 for an unknown tenant or step, 42501 below member, PT409 for '
  'an archived flow, 22023 for a position that the flow does not have.';
revoke all on function public.move_visual_test_step(uuid, uuid, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.move_visual_test_step(uuid, uuid, integer) to authenticated, service_role;


create function public.remove_visual_test_step(tenant_id uuid, step_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- steps are removed by functions only
  set search_path = ''
as $$
declare
  v_step constant public.visual_test_steps := private.require_test_step(
    remove_visual_test_step.tenant_id, remove_visual_test_step.step_id
  );
begin
  delete from public.visual_test_steps as s where s.tenant_id = v_step.tenant_id and s.id = v_step.id;
  update public.visual_test_steps as s
  set position = s.position - 1
  where s.tenant_id = v_step.tenant_id and s.flow_id = v_step.flow_id and s.position > v_step.position;
end
$$;
comment on function public.remove_visual_test_step(uuid, uuid) is
  'Removes a step; those behind it move up by one. For members and the service role. Raises PT404 '
  'for an unknown tenant or step, 42501 below member, PT409 for an archived flow.';
revoke all on function public.remove_visual_test_step(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_visual_test_step(uuid, uuid) to authenticated, service_role;


create function private.require_step_list(steps jsonb)
  returns void
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_keys constant text[] := '{action, target, value, expectation, settings, timeout_ms, description}';
  v_fault text;
begin
  if jsonb_typeof(require_step_list.steps) is distinct from 'array' then
    v_fault := 'steps must be a list.';
  elsif jsonb_array_length(require_step_list.steps) > 1000 then
    v_fault := 'steps must be at most 1000.';
  else
    select case when jsonb_typeof(s.step) = 'object' then format('Step %s has an unknown key %s.', s.place, k.key)
      else format('Step %s is no object.', s.place) end
    into v_fault
    from jsonb_array_elements(require_step_list.steps) with ordinality as s (step, place)
    left join lateral jsonb_object_keys(case when jsonb_typeof(s.step) = 'object' then s.step end) as k (key)
      on k.key <> all (v_keys)
    where jsonb_typeof(s.step) <> 'object' or k.key is not null
    order by s.place
    limit 1;
  end if;
  if v_fault is not null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = v_fault,
      hint = format('Send [{"action": "click", "target": "#login"}]; the keys are %s.', array_to_string(v_keys, ', '));
  end if;
end
$$;
comment on function private.require_step_list(jsonb) is
  'Raises 22023 unless it is a list of at most 1000 objects with keys of steps.';
revoke all on function private.require_step_list(jsonb) from public, anon, authenticated, service_role;


create function public.replace_visual_test_steps(tenant_id uuid, flow_id uuid, steps jsonb)
  returns integer
  language plpgsql
  volatile
  security definer -- steps are inserted and removed by functions only
  set search_path = ''
as $$
begin
  perform private.require_test_flow(replace_visual_test_steps.tenant_id, replace_visual_test_steps.flow_id);
  perform private.require_step_list(replace_visual_test_steps.steps);
  delete from public.visual_test_steps as s
  where s.tenant_id = replace_visual_test_steps.tenant_id and s.flow_id = replace_visual_test_steps.flow_id;
  insert into public.visual_test_steps (
    tenant_id, flow_id, position, action, target, value, expectation, settings, timeout_ms, description
  )
  select
    replace_visual_test_steps.tenant_id, replace_visual_test_steps.flow_id, s.place, s.action, s.target, s.value,
    coalesce(s.expectation, '{}'), coalesce(s.settings, '{}'), s.timeout_ms, s.description
  from rows from (
    jsonb_to_recordset(replace_visual_test_steps.steps) as (
      action text, target text, value text, expectation jsonb, settings jsonb, timeout_ms integer, description text
    )
  ) with ordinality as s (action, target, value, expectation, settings, timeout_ms, description, place);
  return jsonb_array_length(replace_visual_test_steps.steps);
end
$$;
comment on function public.replace_visual_test_steps(uuid, uuid, jsonb) is
  'Replaces all steps of a flow by a list such as [{"action": "click", "target": "#login"}], and '
  'returns how many there are; all steps get new ids. For members and the service role. Raises '
  'PT404 for an unknown tenant or flow, 42501 below member, PT409 for an archived flow, 22023 for '
  'anything but a list of at most 1000 steps, 23514 for values that a step cannot have.';
revoke all on function public.replace_visual_test_steps(uuid, uuid, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.replace_visual_test_steps(uuid, uuid, jsonb) to authenticated, service_role;
