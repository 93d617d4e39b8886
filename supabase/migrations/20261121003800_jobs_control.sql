-- What operators and members do with jobs and queues besides working on them. (T6)

create function private.cancel_job(tenant_id uuid, job_id uuid, requested_by uuid, is_queued_only boolean)
  returns text
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
  -- Jobs and leases are found by key, also by a plan that was made while there were none.
  set enable_seqscan = 'off'
as $$
declare
  v_job public.job_queue;
  v_place tid;
  v_status text;
begin
  loop
    select j.* into v_job
    from public.job_queue as j
    where j.tenant_id = cancel_job.tenant_id
      and j.id = cancel_job.job_id
      and (cancel_job.requested_by is null or j.requested_by = cancel_job.requested_by);
    if not found then
      select f.status into v_status
      from public.finished_jobs as f
      where f.tenant_id = cancel_job.tenant_id
        and f.id = cancel_job.job_id
        and (cancel_job.requested_by is null or f.requested_by = cancel_job.requested_by);
      if found then
        raise exception using
          errcode = 'PT409',
          message = format('The job is over: %s.', v_status),
          detail = format('job_id %s', cancel_job.job_id);
      end if;
      raise exception using
        errcode = 'PT404',
        message = 'There is no such job.',
        detail = format('job_id %s', coalesce(cancel_job.job_id::text, 'null'));
    end if;
    if v_job.status = 'running' and cancel_job.is_queued_only then
      raise exception using
        errcode = 'PT409',
        message = 'The job runs already.',
        detail = format('job_id %s', cancel_job.job_id),
        hint = 'Wait for its end.';
    end if;
    -- The lease first, as everybody does who ends jobs.
    perform from private.job_leases as l where l.lease_id = v_job.lease_id for update;
    select j.ctid into v_place
    from public.job_queue as j
    where j.tenant_id = v_job.tenant_id and j.id = v_job.id and j.lease_id is not distinct from v_job.lease_id
    for update;
    -- Claimed, ended or returned since it was read: look again.
    continue when not found;
    perform private.end_jobs(array[v_place], 'cancelled', null, null);
    perform private.leave_lease(v_job.lease_id, array[v_job.id]);
    return v_job.status;
  end loop;
end
$$;
comment on function private.cancel_job(uuid, uuid, uuid, boolean) is
  'Cancels a job: cancel_job and withdraw_job. requested_by: only one that this user asked for. Returns '
  'the status it had.';
revoke all on function private.cancel_job(uuid, uuid, uuid, boolean) from public, anon, authenticated, service_role;


create function public.cancel_job(tenant_id uuid, job_id uuid)
  returns text
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
begin
  return private.cancel_job(cancel_job.tenant_id, cancel_job.job_id, null, false);
end
$$;
comment on function public.cancel_job(uuid, uuid) is
  'Cancels a job that waits or runs, for the service role. A worker that is at it learns so with its '
  'next heartbeat, and its result counts no more. Returns the status it had. Raises PT404 for an '
  'unknown job, PT409 for one that is over.';
revoke all on function public.cancel_job(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_job(uuid, uuid) to service_role;


create function public.withdraw_job(tenant_id uuid, job_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
declare
  v_rank constant smallint := private.require_role(withdraw_job.tenant_id, 'customer');
begin
  perform private.cancel_job(
    withdraw_job.tenant_id,
    withdraw_job.job_id,
    case when v_rank < private.role_rank('manager') then auth.uid() end,
    true
  );
end
$$;
comment on function public.withdraw_job(uuid, uuid) is
  'Takes back a job that waits: one''s own, or any of the tenant for managers and above. Raises PT404 '
  'for an unknown tenant or job, PT409 for one that runs or is over.';
revoke all on function public.withdraw_job(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.withdraw_job(uuid, uuid) to authenticated;


create function public.retry_dead_jobs(
  queue text,
  tenant_id uuid default null,
  job_ids uuid[] default null,
  at_most integer default 1000
)
  returns integer
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_rows integer;
begin
  if retry_dead_jobs.at_most is null or retry_dead_jobs.at_most not between 1 and 10000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('at_most must be between 1 and 10000, and is %s.', coalesce(retry_dead_jobs.at_most::text, 'null'));
  end if;
  with
    dead as (
      select f.tenant_id, f.id, f.queue, f.dedupe_key
      from public.finished_jobs as f
      where f.queue = retry_dead_jobs.queue
        and f.status = 'dead'
        and (retry_dead_jobs.tenant_id is null or f.tenant_id = retry_dead_jobs.tenant_id)
        and (retry_dead_jobs.job_ids is null or f.id = any (retry_dead_jobs.job_ids))
      order by f.finished_at, f.id
      limit retry_dead_jobs.at_most
      for update skip locked
    ),
    -- One whose key another job holds by now would be done twice: it stays dead.
    won as (
      insert into private.job_keys (tenant_id, queue, dedupe_key, job_id)
      select distinct on (d.tenant_id, d.queue, d.dedupe_key) d.tenant_id, d.queue, d.dedupe_key, d.id
      from dead as d
      where d.dedupe_key is not null
      order by d.tenant_id, d.queue, d.dedupe_key, d.id
      on conflict on constraint job_keys_pkey do nothing
      returning job_id
    ),
    back as (
      delete from public.finished_jobs as f
      using dead as d
      where f.tenant_id = d.tenant_id
        and f.id = d.id
        and (d.dedupe_key is null or d.id in (select w.job_id from won as w))
      returning f.*
    )
  insert into public.job_queue (
    tenant_id, id, queue, type, priority, max_attempts, requested_by, created_at, dedupe_key, payload, last_error
  )
  select
    b.tenant_id, b.id, b.queue, b.type, b.priority, b.max_attempts, b.requested_by, b.created_at, b.dedupe_key,
    b.payload, b.error
  from back as b;
  get diagnostics v_rows = row_count;
  if v_rows > 0 then
    perform private.tell_job_workers(retry_dead_jobs.queue);
  end if;
  return v_rows;
end
$$;
comment on function public.retry_dead_jobs(text, uuid, uuid[], integer) is
  'Puts dead jobs of a queue back into it with all their attempts, the oldest first, for the service '
  'role: of one tenant or of all, these or all, at most so many. Dead ones whose dedupe key another '
  'job holds stay dead. Returns how many went back. Raises 22023 for at_most not between 1 and '
  '10,000.';
revoke all on function public.retry_dead_jobs(text, uuid, uuid[], integer) from public, anon, authenticated, service_role;
grant execute on function public.retry_dead_jobs(text, uuid, uuid[], integer) to service_role;


create function public.pause_queue(name text, is_paused boolean default true, reason text default null)
  returns boolean
  language plpgsql
  volatile
  security definer -- the pause is granted to nobody
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if pause_queue.is_paused is null then
    raise exception using
      errcode = 'null_value_not_allowed',
      message = 'is_paused must be true or false.';
  end if;
  update ops.job_queues as q
  set is_paused = pause_queue.is_paused, paused_reason = case when pause_queue.is_paused then pause_queue.reason end
  where q.name = pause_queue.name;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = format('There is no queue %s.', coalesce(quote_literal(pause_queue.name), 'null')),
      hint = 'ops.job_queues names the queues.';
  end if;
  if not pause_queue.is_paused then
    perform private.tell_job_workers(pause_queue.name);
  end if;
  return pause_queue.is_paused;
end
$$;
comment on function public.pause_queue(text, boolean, text) is
  'Pauses a queue, or lets it go on with is_paused false, for the service role. A paused queue takes '
  'jobs and gives out none; what runs goes on. Raises PT404 for an unknown queue, 22004 without a '
  'value.';
revoke all on function public.pause_queue(text, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.pause_queue(text, boolean, text) to service_role;


create function public.get_queue_stats(name text default null)
  returns table (
    queue text,
    is_paused boolean,
    waiting bigint,
    later bigint,
    running bigint,
    dead bigint,
    waiting_tenants bigint,
    oldest_waiting_since timestamptz,
    expired_leases bigint,
    workers bigint,
    succeeded_last_hour bigint,
    dead_last_hour bigint
  )
  language plpgsql
  stable
  security definer -- nobody reads the queue as a whole
  set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select
    q.name,
    q.is_paused,
    w.jobs,
    (
      select count(*) from public.job_queue as j
      where j.queue = q.name and not j.is_due and j.run_at > now()
    ),
    l.running,
    (select count(*) from public.finished_jobs as f where f.queue = q.name and f.status = 'dead'),
    w.tenants,
    w.oldest,
    l.expired,
    (
      select count(*) from private.job_workers as k
      where k.queue = q.name and k.seen_at > now() - interval '1 minute'
    ),
    h.succeeded,
    h.dead
  from ops.job_queues as q
  cross join lateral (
    select count(*) as jobs, count(distinct j.tenant_id) as tenants, min(j.run_at) as oldest
    from public.job_queue as j
    where j.queue = q.name and j.status = 'queued' and (j.is_due or j.run_at <= now())
  ) as w
  cross join lateral (
    select
      coalesce(sum(cardinality(k.job_ids)), 0)::bigint as running,
      count(*) filter (where k.expires_at <= now()) as expired
    from private.job_leases as k
    where k.queue = q.name
  ) as l
  cross join lateral (
    select
      count(*) filter (where f.status = 'succeeded') as succeeded,
      count(*) filter (where f.status = 'dead') as dead
    from public.finished_jobs as f
    where f.queue = q.name and f.finished_at > now() - interval '1 hour'
  ) as h
  where get_queue_stats.name is null or q.name = get_queue_stats.name
  order by q.name;
end
$$;
comment on function public.get_queue_stats(text) is
  'How each queue does, or one, for the service role: jobs that wait, come later, run, are dead; how '
  'many tenants wait and since when; leases that ran out and were not taken back yet; workers seen '
  'within a minute; what the last hour brought. It counts jobs one by one, so ask once a minute and '
  'not once a request.';
revoke all on function public.get_queue_stats(text) from public, anon, authenticated, service_role;
grant execute on function public.get_queue_stats(text) to service_role;
