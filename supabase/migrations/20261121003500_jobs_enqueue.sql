-- Putting jobs into the queue: one, many, or by a member of a tenant. (T6)

create function private.tell_job_workers(queue text)
  returns void
  language plpgsql
  volatile
  security definer -- reads the workers, which nobody else may
  set search_path = ''
as $$
begin
  -- Transactions that notify commit one after the other. Workers that are busy look for more by
  -- themselves, so only one that waits is told.
  if exists (
    select from private.job_workers as w
    where w.queue = tell_job_workers.queue and w.is_listening and w.seen_at > now() - interval '1 minute'
  ) then
    perform pg_notify('rowhouse_jobs', tell_job_workers.queue);
  end if;
end
$$;
comment on function private.tell_job_workers(text) is
  'Notifies on channel rowhouse_jobs, with the queue''s name, when a worker of the queue waits.';
revoke all on function private.tell_job_workers(text) from public, anon, authenticated, service_role;


create function private.add_job(
  tenant_id uuid,
  type text,
  payload jsonb,
  queue text,
  priority integer,
  run_at timestamptz,
  max_attempts integer,
  dedupe_key text,
  dedupe_window interval,
  requested_by uuid
)
  returns table (job_id uuid, is_duplicate boolean)
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_max_attempts smallint;
  v_id constant uuid := private.uuid_v7();
  v_run_at constant timestamptz := coalesce(add_job.run_at, now());
begin
  select q.max_attempts into v_max_attempts from ops.job_queues as q where q.name = add_job.queue;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = format('There is no queue %s.', coalesce(quote_literal(add_job.queue), 'null')),
      hint = 'ops.job_queues names the queues.';
  end if;
  if add_job.dedupe_window is not null and (add_job.dedupe_key is null or add_job.dedupe_window <= '0') then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'dedupe_window must be longer than nothing and needs a dedupe_key.',
      detail = format('dedupe_window %s', add_job.dedupe_window);
  end if;
  if add_job.dedupe_key is not null then
    -- Who comes second waits here until the first one has committed, and then finds the key taken.
    loop
      insert into private.job_keys as k (tenant_id, queue, dedupe_key, job_id, kept_until)
      values (add_job.tenant_id, add_job.queue, add_job.dedupe_key, v_id, now() + add_job.dedupe_window)
      on conflict on constraint job_keys_pkey do update
      set job_id = excluded.job_id, kept_until = excluded.kept_until
      where k.kept_until <= now();
      exit when found;
      select k.job_id into job_id from private.job_keys as k
      where k.tenant_id = add_job.tenant_id and k.queue = add_job.queue and k.dedupe_key = add_job.dedupe_key;
      if found then
        is_duplicate := true;
        return next;
        return;
      end if;
    end loop;
  end if;
  insert into public.job_queue (
    tenant_id, id, queue, type, priority, run_at, is_due, max_attempts, requested_by, dedupe_key, payload
  )
  values (
    add_job.tenant_id,
    v_id,
    add_job.queue,
    add_job.type,
    add_job.priority,
    v_run_at,
    v_run_at <= now(),
    coalesce(add_job.max_attempts, v_max_attempts),
    add_job.requested_by,
    add_job.dedupe_key,
    add_job.payload
  );
  if v_run_at <= now() then
    perform private.tell_job_workers(add_job.queue);
  end if;
  job_id := v_id;
  is_duplicate := false;
  return next;
end
$$;
comment on function private.add_job(
  uuid, text, jsonb, text, integer, timestamptz, integer, text, interval, uuid
) is 'Puts one job into the queue: enqueue_job and request_job.';
revoke all on function private.add_job(
  uuid, text, jsonb, text, integer, timestamptz, integer, text, interval, uuid
) from public, anon, authenticated, service_role;


create function public.enqueue_job(
  tenant_id uuid,
  type text,
  payload jsonb default '{}',
  queue text default 'default',
  priority integer default 0,
  run_at timestamptz default null,
  max_attempts integer default null,
  dedupe_key text default null,
  dedupe_window interval default null
)
  returns table (job_id uuid, is_duplicate boolean)
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
begin
  return query
  select a.job_id, a.is_duplicate
  from private.add_job(
    enqueue_job.tenant_id,
    enqueue_job.type,
    enqueue_job.payload,
    enqueue_job.queue,
    enqueue_job.priority,
    enqueue_job.run_at,
    enqueue_job.max_attempts,
    enqueue_job.dedupe_key,
    enqueue_job.dedupe_window,
    null
  ) as a;
end
$$;
comment on function public.enqueue_job(uuid, text, jsonb, text, integer, timestamptz, integer, text, interval) is
  'Puts a job into a queue, for the service role. payload: a JSON object for the handler of its type. '
  'priority: -1000 to 1000, the higher first. run_at: not before; null: now. max_attempts: null: '
  'the queue''s. dedupe_key: while a job of the tenant with this key is not over, or for '
  'dedupe_window from when it was enqueued, no second one is made. Returns the id of the job, or of '
  'the one that holds the key. Raises PT404 for an unknown tenant or queue, 22023 and 23514 for '
  'values out of range.';
revoke all on function public.enqueue_job(uuid, text, jsonb, text, integer, timestamptz, integer, text, interval)
  from public, anon, authenticated, service_role;
grant execute on function public.enqueue_job(
  uuid, text, jsonb, text, integer, timestamptz, integer, text, interval
) to service_role;


create function public.enqueue_jobs(jobs jsonb)
  returns table (place integer, job_id uuid, is_duplicate boolean)
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_known constant text[] := '{tenant_id, type, payload, queue, priority, run_at, max_attempts, dedupe_key, dedupe_window}';
  v_most constant integer := 10000;
  v_milliseconds constant bigint := extract(epoch from clock_timestamp()) * 1000;
  v_fault record;
  v_queues text[];
  v_ids uuid[];
  v_added boolean[];
  v_bad_window bigint;
begin
  if jsonb_typeof(enqueue_jobs.jobs) is distinct from 'array' or jsonb_array_length(enqueue_jobs.jobs) > v_most then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('jobs must be an array of at most %s jobs.', v_most),
      hint = 'Send more in several calls.';
  end if;
  select e.place, r.rest into v_fault
  from jsonb_array_elements(enqueue_jobs.jobs) with ordinality as e (j, place)
  -- Nothing can be taken out of a number or a text.
  cross join lateral (select case when jsonb_typeof(e.j) = 'object' then e.j - v_known else e.j end as rest) as r
  where r.rest <> '{}'
  order by e.place
  limit 1;
  if found then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('Job %s of the array is not an object of known fields.', v_fault.place),
      detail = format('unknown: %s', v_fault.rest),
      hint = 'The fields are ' || array_to_string(v_known, ', ') || '.';
  end if;

  with
    input as materialized (
      select
        j.tenant_id,
        -- The ids of a batch count up in its own order: twelve bits of the place, and the time ahead
        -- of them moves on after 4096 places.
        encode(
          substring(int8send(v_milliseconds + j.place / 4096) from 3)
            || int2send((28672 + j.place % 4096)::smallint)
            || substring(uuid_send(gen_random_uuid()) from 9),
          'hex'
        )::uuid as id,
        coalesce(j.queue, 'default') as queue,
        j.type,
        coalesce(j.priority, 0) as priority,
        coalesce(j.run_at, now()) as run_at,
        coalesce(j.max_attempts, q.max_attempts, 1) as max_attempts,
        j.dedupe_key,
        j.dedupe_window,
        coalesce(j.payload, '{}') as payload,
        j.place
      from rows from (
        jsonb_to_recordset(enqueue_jobs.jobs) as (
          tenant_id uuid, type text, payload jsonb, queue text, priority integer, run_at timestamptz,
          max_attempts integer, dedupe_key text, dedupe_window interval
        )
      ) with ordinality as j (
        tenant_id, type, payload, queue, priority, run_at, max_attempts, dedupe_key, dedupe_window, place
      )
      left join ops.job_queues as q on q.name = coalesce(j.queue, 'default')
    ),
    -- In the order of the keys, so that two batches with the same keys do not wait for each other.
    won as (
      insert into private.job_keys as k (tenant_id, queue, dedupe_key, job_id, kept_until)
      select distinct on (i.tenant_id, i.queue, i.dedupe_key)
        i.tenant_id, i.queue, i.dedupe_key, i.id, now() + i.dedupe_window
      from input as i
      where i.dedupe_key is not null
      order by i.tenant_id, i.queue, i.dedupe_key, i.place
      on conflict on constraint job_keys_pkey do update
      set job_id = excluded.job_id, kept_until = excluded.kept_until
      where k.kept_until <= now()
      returning k.job_id
    ),
    added as (
      insert into public.job_queue (
        tenant_id, id, queue, type, priority, run_at, is_due, max_attempts, dedupe_key, payload
      )
      select
        i.tenant_id, i.id, i.queue, i.type, i.priority, i.run_at, i.run_at <= now(), i.max_attempts, i.dedupe_key,
        i.payload
      from input as i
      where i.dedupe_key is null or i.id in (select w.job_id from won as w)
      order by i.place
    )
  select
    array_agg(i.id order by i.place),
    array_agg(i.dedupe_key is null or i.id in (select w.job_id from won as w) order by i.place),
    array_agg(distinct i.queue) filter (where i.run_at <= now()),
    min(i.place) filter (where i.dedupe_window <= '0' or (i.dedupe_window is not null and i.dedupe_key is null))
  into v_ids, v_added, v_queues, v_bad_window
  from input as i;

  if v_bad_window is not null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('Job %s of the array: dedupe_window must be longer than nothing and needs a dedupe_key.', v_bad_window);
  end if;
  perform private.tell_job_workers(q) from unnest(v_queues) as q;
  return query
  select
    n.place::integer,
    case
      when n.is_added then n.id
      else (
        select k.job_id from private.job_keys as k
        where k.tenant_id = (enqueue_jobs.jobs -> (n.place - 1)::integer ->> 'tenant_id')::uuid
          and k.queue = coalesce(enqueue_jobs.jobs -> (n.place - 1)::integer ->> 'queue', 'default')
          and k.dedupe_key = enqueue_jobs.jobs -> (n.place - 1)::integer ->> 'dedupe_key'
      )
    end,
    not n.is_added
  from unnest(v_ids, v_added) with ordinality as n (id, is_added, place);
end
$$;
comment on function public.enqueue_jobs(jsonb) is
  'Puts up to 10,000 jobs into their queues, all or none, for the service role. jobs: an array of '
  'objects with the arguments of enqueue_job. Returns a row for each in its order: place (from 1), '
  'the id of the job or of the one that holds its key (null when that one ended meanwhile). Raises '
  'PT404 for an unknown tenant or queue, 22023 for an unknown field, 22023 and 23514 for values out '
  'of range.';
revoke all on function public.enqueue_jobs(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.enqueue_jobs(jsonb) to service_role;


create function public.request_job(
  tenant_id uuid,
  type text,
  payload jsonb default '{}',
  run_at timestamptz default null,
  dedupe_key text default null
)
  returns table (job_id uuid, is_duplicate boolean)
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
as $$
declare
  v_type ops.job_types;
begin
  perform private.require_role(request_job.tenant_id, 'customer');
  select t.* into v_type from ops.job_types as t where t.type = request_job.type;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = format('There is no job of type %s to ask for.', coalesce(quote_literal(request_job.type), 'null')),
      hint = 'ops.job_types names those that members may ask for.';
  end if;
  perform private.require_role(request_job.tenant_id, v_type.lowest_role);
  return query
  select a.job_id, a.is_duplicate
  from private.add_job(
    request_job.tenant_id,
    v_type.type,
    request_job.payload,
    v_type.queue,
    0,
    request_job.run_at,
    null,
    request_job.dedupe_key,
    null,
    auth.uid()
  ) as a;
end
$$;
comment on function public.request_job(uuid, text, jsonb, timestamptz, text) is
  'Puts a job of the caller''s tenant into the queue of its type, for members with at least the '
  'role that ops.job_types asks for. run_at and dedupe_key as in enqueue_job. Returns the id of the '
  'job, or of the one that holds the key. Raises PT404 for an unknown tenant or type, 42501 for a '
  'lower role, 23514 for values out of range.';
revoke all on function public.request_job(uuid, text, jsonb, timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.request_job(uuid, text, jsonb, timestamptz, text) to authenticated;
