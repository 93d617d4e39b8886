-- What becomes of a job that was given out: done, failed and tried again, dead, returned. (T6)
-- Everything here is asked for with the lease: a worker that lost it ends nothing (fencing). Whoever
-- ends jobs locks the rows of the lease first and those of the jobs after them.
--
-- Plans here are made while the queue may be empty and used while it is not: reading a table as a
-- whole is switched off for these functions.

create function private.find_leased_jobs(lease_id uuid, job_ids uuid[])
  returns tid[]
  language plpgsql
  stable
  security definer -- reads the leases, which nobody else may
  set search_path = ''
  set enable_seqscan = 'off'
  set plan_cache_mode = 'force_generic_plan'
as $$
begin
  return array(
    select f.place
    from private.job_leases as l
    cross join lateral unnest(l.tenant_ids, l.job_ids) as i (tenant_id, id)
    -- One look by key for each job, whatever the planner thinks of the table's size.
    cross join lateral (
      select j.ctid as place
      from public.job_queue as j
      where j.tenant_id = i.tenant_id and j.id = i.id and j.lease_id = l.lease_id
      limit 1
    ) as f
    where l.lease_id = find_leased_jobs.lease_id
      and (find_leased_jobs.job_ids is null or i.id = any (find_leased_jobs.job_ids))
  );
end
$$;
comment on function private.find_leased_jobs(uuid, uuid[]) is
  'Where the jobs are that run under a lease, these or all of them. They stay there as long as the '
  'caller locks the lease.';
revoke all on function private.find_leased_jobs(uuid, uuid[]) from public, anon, authenticated, service_role;


create function private.end_jobs(places tid[], status text, error text, results jsonb)
  returns uuid[]
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
  set enable_seqscan = 'off'
  set plan_cache_mode = 'force_generic_plan'
as $$
declare
  v_ended uuid[];
begin
  with
    over as (
      delete from public.job_queue as j where j.ctid = any (end_jobs.places) returning j.*
    ),
    freed as (
      delete from private.job_keys as k
      using over as o
      where o.dedupe_key is not null
        and k.tenant_id = o.tenant_id
        and k.queue = o.queue
        and k.dedupe_key = o.dedupe_key
        and k.job_id = o.id
        and k.kept_until is null
    ),
    moved as (
      insert into public.finished_jobs (
        tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, started_at, requested_by,
        created_at, finished_at, dedupe_key, payload, result, error
      )
      select
        o.tenant_id, o.id, o.queue, o.type, end_jobs.status, o.priority, o.run_at, o.attempt, o.max_attempts,
        o.started_at, o.requested_by, o.created_at, clock_timestamp(), o.dedupe_key, o.payload,
        case when end_jobs.results is not null then end_jobs.results -> o.id::text end, end_jobs.error
      from over as o
    )
  select array_agg(o.id) into v_ended from over as o;
  return coalesce(v_ended, '{}');
end
$$;
comment on function private.end_jobs(tid[], text, text, jsonb) is
  'Moves jobs to finished_jobs and frees their keys. places: where they are, with the right to end '
  'them held by the caller. results: an object by job id. Returns their ids.';
revoke all on function private.end_jobs(tid[], text, text, jsonb) from public, anon, authenticated, service_role;


create function private.leave_lease(lease_id uuid, gone uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- nobody writes the leases
  set search_path = ''
  set plan_cache_mode = 'force_generic_plan'
as $$
begin
  delete from private.job_leases as l
  where l.lease_id = leave_lease.lease_id and l.job_ids <@ leave_lease.gone;
  if not found then
    update private.job_leases as l
    set (tenant_ids, job_ids) = (
      select array_agg(i.tenant_id order by i.place), array_agg(i.id order by i.place)
      from unnest(l.tenant_ids, l.job_ids) with ordinality as i (tenant_id, id, place)
      where i.id <> all (leave_lease.gone)
    )
    where l.lease_id = leave_lease.lease_id;
  end if;
end
$$;
comment on function private.leave_lease(uuid, uuid[]) is
  'Takes jobs out of a lease that no longer run under it; a lease without jobs ends.';
revoke all on function private.leave_lease(uuid, uuid[]) from public, anon, authenticated, service_role;


create function public.complete_jobs(lease_id uuid, job_ids uuid[] default null, results jsonb default null)
  returns table (completed integer, lost uuid[])
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_ended uuid[];
begin
  if jsonb_typeof(complete_jobs.results) <> 'object' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'results must be an object with the ids of jobs as keys.';
  end if;
  perform from private.job_leases as l where l.lease_id = complete_jobs.lease_id for update;
  v_ended := private.end_jobs(
    private.find_leased_jobs(complete_jobs.lease_id, complete_jobs.job_ids), 'succeeded', null, complete_jobs.results
  );
  perform private.leave_lease(complete_jobs.lease_id, v_ended);
  completed := cardinality(v_ended);
  lost := case when completed < cardinality(complete_jobs.job_ids)
    then array(select distinct i from unnest(complete_jobs.job_ids) as i where i <> all (v_ended))
    else '{}'
  end;
  return next;
end
$$;
comment on function public.complete_jobs(uuid, uuid[], jsonb) is
  'Ends jobs as succeeded, for the service role. lease_id: as given out with them. job_ids: null: all '
  'that still run under the lease. results: an object with a job''s result under its id. Returns '
  'how many it ended, and the ids that do not run under this lease: their lease ran out, they were '
  'cancelled, or they are over. Raises 22023 for results that are no object.';
revoke all on function public.complete_jobs(uuid, uuid[], jsonb) from public, anon, authenticated, service_role;
grant execute on function public.complete_jobs(uuid, uuid[], jsonb) to service_role;


create function private.get_backoff(queue text, attempt integer)
  returns interval
  language plpgsql
  volatile
  security definer -- reads the queues, whatever the caller may read
  set search_path = ''
as $$
declare
  v_queue ops.job_queues;
begin
  select q.* into v_queue from ops.job_queues as q where q.name = get_backoff.queue;
  return make_interval(secs =>
    least(
      extract(epoch from v_queue.backoff_cap)::double precision,
      extract(epoch from v_queue.backoff_base)::double precision * 2.0 ^ least(get_backoff.attempt - 1, 60)
    ) * (1 - v_queue.backoff_jitter * random())
  );
end
$$;
comment on function private.get_backoff(text, integer) is
  'The wait after a failed attempt (1: the first): the queue''s base, doubled for each further one, up '
  'to its cap, less a share by chance.';
revoke all on function private.get_backoff(text, integer) from public, anon, authenticated, service_role;


create function public.fail_job(
  lease_id uuid,
  job_id uuid,
  error text,
  retry_in interval default null,
  is_permanent boolean default false
)
  returns table (status text, run_at timestamptz)
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_error constant text := left(coalesce(nullif(fail_job.error, ''), 'No reason was given.'), 10000);
  v_places tid[];
  v_job public.job_queue;
begin
  if fail_job.retry_in < '0' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('retry_in must not be negative, and is %s.', fail_job.retry_in);
  end if;
  perform from private.job_leases as l where l.lease_id = fail_job.lease_id for update;
  v_places := private.find_leased_jobs(fail_job.lease_id, array[fail_job.job_id]);
  if cardinality(v_places) = 0 then
    raise exception using
      errcode = 'PT409',
      message = 'The job does not run under this lease.',
      detail = format('job_id %s', coalesce(fail_job.job_id::text, 'null')),
      hint = 'Its lease ran out, it was cancelled, or it is over. Drop it.';
  end if;
  select j.* into v_job from public.job_queue as j where j.ctid = v_places[1];
  perform private.leave_lease(v_job.lease_id, array[v_job.id]);
  if fail_job.is_permanent or v_job.attempt >= v_job.max_attempts then
    perform private.end_jobs(v_places, 'dead', v_error, null);
    status := 'dead';
  else
    status := 'queued';
    run_at := clock_timestamp() + coalesce(fail_job.retry_in, private.get_backoff(v_job.queue, v_job.attempt));
    update public.job_queue as j
    set
      status = 'queued',
      lease_id = null,
      started_at = null,
      run_at = fail_job.run_at,
      is_due = false,
      last_error = v_error
    where j.ctid = v_places[1];
  end if;
  return next;
end
$$;
comment on function public.fail_job(uuid, uuid, text, interval, boolean) is
  'Says that an attempt failed, for the service role. The job is tried again after retry_in, or '
  'after the back-off of its queue, until it has had its attempts; then, or at once when '
  'is_permanent, it is dead. Returns its status, queued or dead, and when it runs again. Raises '
  'PT409 for a job that does not run under this lease, 22023 for a negative wait.';
revoke all on function public.fail_job(uuid, uuid, text, interval, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.fail_job(uuid, uuid, text, interval, boolean) to service_role;


create function public.release_jobs(lease_id uuid, job_ids uuid[] default null)
  returns integer
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
declare
  v_released uuid[];
begin
  perform from private.job_leases as l where l.lease_id = release_jobs.lease_id for update;
  with back as (
    update public.job_queue as j
    set status = 'queued', lease_id = null, started_at = null, attempt = j.attempt - 1
    where j.ctid = any (private.find_leased_jobs(release_jobs.lease_id, release_jobs.job_ids))
    returning j.id, j.queue
  )
  select coalesce(array_agg(b.id), '{}') into v_released from back as b;
  if v_released <> '{}' then
    perform private.tell_job_workers(l.queue) from private.job_leases as l where l.lease_id = release_jobs.lease_id;
    perform private.leave_lease(release_jobs.lease_id, v_released);
  end if;
  return cardinality(v_released);
end
$$;
comment on function public.release_jobs(uuid, uuid[]) is
  'Gives jobs back that were not begun, for the service role: they wait again and no attempt is '
  'counted. job_ids: null: all of the lease. Returns how many.';
revoke all on function public.release_jobs(uuid, uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.release_jobs(uuid, uuid[]) to service_role;


create function public.heartbeat_job(lease_id uuid, lease interval default '1 minute')
  returns table (expires_at timestamptz, running uuid[])
  language plpgsql
  volatile
  security definer -- nobody writes the leases
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if heartbeat_job.lease is null or heartbeat_job.lease not between interval '1 second' and interval '1 day' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('lease must be between 1 second and 1 day, and is %s.', coalesce(heartbeat_job.lease::text, 'null'));
  end if;
  expires_at := clock_timestamp() + heartbeat_job.lease;
  update private.job_leases as l set expires_at = heartbeat_job.expires_at where l.lease_id = heartbeat_job.lease_id;
  if not found then
    raise exception using
      errcode = 'PT409',
      message = 'The lease is over.',
      detail = format('lease_id %s', coalesce(heartbeat_job.lease_id::text, 'null')),
      hint = 'It ran out, or all of its jobs are over. Drop what is left of it and claim again.';
  end if;
  running := array(
    select j.id from public.job_queue as j
    where j.ctid = any (private.find_leased_jobs(heartbeat_job.lease_id, null))
    order by j.id
  );
  return next;
end
$$;
comment on function public.heartbeat_job(uuid, interval) is
  'Extends a lease, for the service role: its jobs stay with their worker for so long from now. '
  'Returns until when, and the ids that still run under it: a job that is missing was cancelled or '
  'is over. Raises PT409 for a lease that is over, 22023 for one not between a second and a day.';
revoke all on function public.heartbeat_job(uuid, interval) from public, anon, authenticated, service_role;
grant execute on function public.heartbeat_job(uuid, interval) to service_role;
