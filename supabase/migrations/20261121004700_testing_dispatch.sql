-- Due test schedules become executions and jobs. (T5, P3)
-- One call is one batch and one transaction: the schedule that is claimed, its execution, its job and
-- its next time are committed together or not at all. Any number of dispatchers may run at once; what
-- one has claimed the others pass over.

create function private.run_test_schedule(schedule public.test_schedules, due_at timestamptz, requested_by uuid)
  returns table (execution_id uuid, job_id uuid)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_schedule constant public.test_schedules := run_test_schedule.schedule;
  v_version constant integer := private.freeze_visual_test_flow(v_schedule.tenant_id, v_schedule.flow_id);
begin
  insert into public.scheduled_test_executions as e (
    tenant_id, schedule_id, flow_id, flow_version, due_at, settings, requested_by
  )
  values (
    v_schedule.tenant_id, v_schedule.id, v_schedule.flow_id, v_version, run_test_schedule.due_at, v_schedule.settings,
    run_test_schedule.requested_by
  )
  on conflict on constraint scheduled_test_executions_tenant_id_schedule_id_due_at_key do nothing
  returning e.id into execution_id;
  if not found then
    return;
  end if;
  select j.job_id into job_id
  from public.enqueue_job(
    tenant_id => v_schedule.tenant_id,
    type => 'run_test_execution',
    payload => jsonb_build_object(
      'execution_id', execution_id,
      'schedule_id', v_schedule.id,
      'flow_id', v_schedule.flow_id,
      'flow_version', v_version
    ),
    queue => 'testing',
    dedupe_key => format('execution %s', execution_id)
  ) as j;
  update public.scheduled_test_executions as e
  set job_id = run_test_schedule.job_id
  where e.tenant_id = v_schedule.tenant_id and e.id = execution_id;
  return next;
end
$$;
comment on function private.run_test_schedule(public.test_schedules, timestamptz, uuid) is
  'Makes the execution of a due run and its job; no row when there is one already. Asks nobody: for '
  'functions that have asked. Raises PT409 for an archived flow.';
revoke all on function private.run_test_schedule(public.test_schedules, timestamptz, uuid)
  from public, anon, authenticated, service_role;


create function public.run_test_schedule_now(tenant_id uuid, schedule_id uuid)
  returns table (execution_id uuid, job_id uuid)
  language plpgsql
  volatile
  security definer -- executions and jobs are written by functions only
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_schedule public.test_schedules;
begin
  if not private.is_trusted_session() then
    perform private.require_role(run_test_schedule_now.tenant_id, 'member');
  end if;
  select s.* into v_schedule
  from public.test_schedules as s
  where s.tenant_id = run_test_schedule_now.tenant_id and s.id = run_test_schedule_now.schedule_id
  for key share;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such schedule.',
      detail = format('schedule_id %s', coalesce(run_test_schedule_now.schedule_id::text, 'null'));
  end if;
  return query
  select r.execution_id, r.job_id
  from private.run_test_schedule(v_schedule, clock_timestamp(), auth.uid()) as r;
end
$$;
comment on function public.run_test_schedule_now(uuid, uuid) is
  'Runs a schedule once more, now, whether it is enabled or not; its next time stays. Returns the '
  'execution and its job. For members and the service role. Raises PT404 for an unknown tenant or '
  'schedule, 42501 below member, PT409 for an archived flow.';
revoke all on function public.run_test_schedule_now(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.run_test_schedule_now(uuid, uuid) to authenticated, service_role;


create function private.has_due_test_schedules(at timestamptz)
  returns boolean
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return exists (
    select from public.test_schedules as s
    join public.tenants as t on t.id = s.tenant_id and t.status = 'active'
    where s.is_enabled and s.next_run_at <= has_due_test_schedules.at
  );
end
$$;
comment on function private.has_due_test_schedules(timestamptz) is
  'Whether a schedule of an active tenant is due, also one that another dispatcher has claimed.';
revoke all on function private.has_due_test_schedules(timestamptz) from public, anon, authenticated, service_role;


create function private.dispatch_test_schedules(at timestamptz, at_most integer)
  returns table (dispatched integer, skipped integer, failed integer, postponed integer)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_schedule public.test_schedules;
  v_due timestamptz;
  v_next timestamptz;
  v_error text;
begin
  dispatched := 0;
  skipped := 0;
  failed := 0;
  postponed := 0;
  for v_schedule in
    -- Each tenant's longest due one first, then each one's second: a tenant with thousands delays
    -- the others by one.
    select s.*
    from (
      select d.tenant_id, d.id, d.next_run_at,
        row_number() over (partition by d.tenant_id order by d.next_run_at, d.id) as turn
      from public.test_schedules as d
      join public.tenants as t on t.id = d.tenant_id and t.status = 'active'
      where d.is_enabled and d.next_run_at <= dispatch_test_schedules.at
    ) as due
    join public.test_schedules as s on s.tenant_id = due.tenant_id and s.id = due.id
    -- Asked again of the row that is locked: another dispatcher may have been here in between.
    where s.is_enabled and s.next_run_at <= dispatch_test_schedules.at
    order by due.turn, due.next_run_at
    limit dispatch_test_schedules.at_most
    for no key update of s skip locked
  loop
    v_due := v_schedule.next_run_at;
    v_next := null;
    v_error := null;
    begin
      v_next := private.next_schedule_time(v_schedule, dispatch_test_schedules.at);
      if v_schedule.missed_runs = 'skip' and v_due < dispatch_test_schedules.at - v_schedule.grace then
        -- A later one of those that were missed may still be in time.
        v_due := private.next_schedule_time(
          v_schedule, dispatch_test_schedules.at - v_schedule.grace - interval '1 microsecond'
        );
      end if;
      if v_due <= dispatch_test_schedules.at then
        -- Somebody who changes the flow for minutes must not hold up the schedules of everybody.
        perform from public.visual_test_flows as f
        where f.tenant_id = v_schedule.tenant_id and f.id = v_schedule.flow_id
        for no key update nowait;
        perform from private.run_test_schedule(v_schedule, v_due, null);
        dispatched := dispatched + 1;
      else
        skipped := skipped + 1;
        v_due := null;
        v_error := format('Missed: the run of %s was late by more than %s.', v_schedule.next_run_at, v_schedule.grace);
      end if;
    exception
      when others then
        -- Deadlocks, locks and a full server pass: the schedule stays due. Anything else is the
        -- schedule's own fault, must not stop the others, and is tried again at its next time.
        if sqlstate ~ '^(40|53|55P03)' then
          postponed := postponed + 1;
          continue;
        end if;
        failed := failed + 1;
        v_due := null;
        v_error := format('%s (%s)', sqlerrm, sqlstate);
    end;
    update public.test_schedules as s
    set
      next_run_at = coalesce(v_next, s.next_run_at),
      last_run_at = case when v_due is null then s.last_run_at else dispatch_test_schedules.at end,
      last_error = v_error
    where s.tenant_id = v_schedule.tenant_id and s.id = v_schedule.id;
    -- After the last run it is off, and has no next one.
    if v_next is null then
      update public.test_schedules as s
      set is_enabled = false
      where s.tenant_id = v_schedule.tenant_id and s.id = v_schedule.id;
    end if;
  end loop;
  return next;
end
$$;
comment on function private.dispatch_test_schedules(timestamptz, integer) is
  'One batch of dispatch_test_schedules, as of a moment.';
revoke all on function private.dispatch_test_schedules(timestamptz, integer)
  from public, anon, authenticated, service_role;


create function public.dispatch_test_schedules(at_most integer default 500)
  returns table (dispatched integer, skipped integer, failed integer, postponed integer, has_more boolean)
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  if dispatch_test_schedules.at_most is null or dispatch_test_schedules.at_most not between 1 and 5000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'at_most must be between 1 and 5000.',
      detail = format('at_most %s', coalesce(dispatch_test_schedules.at_most::text, 'null'));
  end if;
  select d.dispatched, d.skipped, d.failed, d.postponed
  into dispatched, skipped, failed, postponed
  from private.dispatch_test_schedules(now(), dispatch_test_schedules.at_most) as d;
  has_more := private.has_due_test_schedules(now());
  return next;
end
$$;
comment on function public.dispatch_test_schedules(integer) is
  'Makes an execution and a job of each due run, of at most so many schedules, those of all active '
  'tenants in turn, and returns counts. skipped: missed and not wanted any more. failed: could not '
  'be made (last_error of the schedule). postponed: another transaction was in the way; they stay '
  'due. has_more: some are due still, perhaps in the hands of another dispatcher. Raises 22023.';
revoke all on function public.dispatch_test_schedules(integer) from public, anon, authenticated, service_role;
grant execute on function public.dispatch_test_schedules(integer) to service_role;


insert into ops.schedules (name, description, cron, kind, target)
values (
  'dispatch-schedules',
  'Makes executions and jobs of the test schedules that are due.',
  '* * * * *',
  'function',
  'dispatch-schedules'
);
