-- Giving jobs out: fair between tenants, to one worker each, for a time. (T6)
-- A claim walks the tenants that have jobs, from the one after its worker's last, and takes an equal
-- share from each; what is left of the batch is shared among those that have more. It looks at one index
-- entry a tenant and at the jobs it takes, never at the backlog: a million jobs of one tenant cost
-- what ten cost.

create function public.requeue_expired_jobs(queue text default null, at_most integer default 1000)
  returns table (requeued integer, dead integer)
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
  set enable_seqscan = 'off'
  set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
  v_lease private.job_leases;
  v_reason text;
  v_rows integer;
begin
  if requeue_expired_jobs.at_most is null or requeue_expired_jobs.at_most not between 1 and 10000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format(
        'at_most must be between 1 and 10000, and is %s.', coalesce(requeue_expired_jobs.at_most::text, 'null')
      );
  end if;
  requeued := 0;
  dead := 0;
  for v_lease in
    select l.* from private.job_leases as l
    where l.expires_at <= clock_timestamp()
      and (requeue_expired_jobs.queue is null or l.queue = requeue_expired_jobs.queue)
    order by l.expires_at, l.lease_id
    limit requeue_expired_jobs.at_most
    -- A worker that extends or ends it at this moment is alive.
    for update skip locked
  loop
    v_reason := format('The lease of worker %s ran out at %s.', v_lease.worker, v_lease.expires_at);
    update public.job_queue as j
    set status = 'queued', lease_id = null, started_at = null, last_error = v_reason
    where j.ctid = any (private.find_leased_jobs(v_lease.lease_id, null)) and j.attempt < j.max_attempts;
    get diagnostics v_rows = row_count;
    requeued := requeued + v_rows;
    dead := dead + cardinality(
      private.end_jobs(private.find_leased_jobs(v_lease.lease_id, null), 'dead', v_reason, null)
    );
    delete from private.job_leases as l where l.lease_id = v_lease.lease_id;
    perform private.tell_job_workers(v_lease.queue);
  end loop;
  return next;
end
$$;
comment on function public.requeue_expired_jobs(text, integer) is
  'Takes jobs from workers whose lease ran out, for the service role: they wait again, or are dead '
  'when that was their last attempt. queue: null: all. at_most: leases. Returns how many jobs of '
  'each. Claims do it for their own queue. Raises 22023 for at_most not between 1 and 10,000.';
revoke all on function public.requeue_expired_jobs(text, integer) from public, anon, authenticated, service_role;
grant execute on function public.requeue_expired_jobs(text, integer) to service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'requeue-expired-jobs',
  'Takes jobs from workers whose lease ran out.',
  '* * * * *',
  'sql',
  'select * from public.requeue_expired_jobs()'
);


create function private.list_tenants_with_jobs(queue text, after_tenant uuid, up_to_tenant uuid, at_most integer)
  returns uuid[]
  language plpgsql
  stable
  security definer -- nobody reads the queue as a whole
  set search_path = ''
  set enable_seqscan = 'off'
  set plan_cache_mode = 'force_generic_plan'
as $$
begin
  return array(
    -- One index entry a tenant, whatever lies behind it.
    with recursive walk (tenant_id, place) as (
      (
        select j.tenant_id, 1
        from public.job_queue as j
        where j.is_due
          and j.queue = list_tenants_with_jobs.queue
          and j.tenant_id > list_tenants_with_jobs.after_tenant
          and j.tenant_id <= list_tenants_with_jobs.up_to_tenant
        order by j.tenant_id
        limit 1
      )
      union all
      select
        (
          select j.tenant_id
          from public.job_queue as j
          where j.is_due
            and j.queue = list_tenants_with_jobs.queue
            and j.tenant_id > w.tenant_id
            and j.tenant_id <= list_tenants_with_jobs.up_to_tenant
          order by j.tenant_id
          limit 1
        ),
        w.place + 1
      from walk as w
      where w.tenant_id is not null and w.place < list_tenants_with_jobs.at_most
    )
    select w.tenant_id from walk as w where w.tenant_id is not null order by w.place
  );
end
$$;
comment on function private.list_tenants_with_jobs(text, uuid, uuid, integer) is
  'The tenants with jobs that are due or run in a queue, in the order of their ids, behind one and up '
  'to another.';
revoke all on function private.list_tenants_with_jobs(text, uuid, uuid, integer)
  from public, anon, authenticated, service_role;


create function private.share_jobs(queue text, tenant_ids uuid[], share integer, default_limit integer)
  returns integer[]
  language plpgsql
  stable
  security definer -- reads the leases, which nobody else may
  set search_path = ''
  set plan_cache_mode = 'force_generic_plan'
as $$
begin
  return array(
    -- The tenant's own limit where it has one, else the queue's, less what runs.
    select greatest(0, least(
      share_jobs.share,
      case when m.tenant_id is null then share_jobs.default_limit else m.max_running end - coalesce(r.running, 0)
    ))
    from unnest(share_jobs.tenant_ids) with ordinality as t (id, place)
    left join ops.job_tenant_limits as m on m.tenant_id = t.id and m.queue = share_jobs.queue
    left join (
      select i.tenant_id, count(*) as running
      from private.job_leases as l
      cross join lateral unnest(l.tenant_ids) as i (tenant_id)
      where l.queue = share_jobs.queue
      group by i.tenant_id
    ) as r on r.tenant_id = t.id
    order by t.place
  );
end
$$;
comment on function private.share_jobs(text, uuid[], integer, integer) is
  'How many jobs each of these tenants may be given: its share, and no more than its limit leaves.';
revoke all on function private.share_jobs(text, uuid[], integer, integer)
  from public, anon, authenticated, service_role;


create function public.claim_jobs(
  queue text,
  worker text,
  batch integer default 1,
  lease interval default '1 minute',
  is_listening boolean default false
)
  returns table (
    lease_id uuid,
    job_id uuid,
    tenant_id uuid,
    type text,
    payload jsonb,
    attempt integer,
    max_attempts integer
  )
  language plpgsql
  volatile
  security definer -- nobody writes the tables of the queue
  set search_path = ''
  set enable_seqscan = 'off'
  set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
  v_lowest constant uuid := '00000000-0000-0000-0000-000000000000';
  v_highest constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  v_lease constant uuid := gen_random_uuid();
  v_queue record;
  v_left integer := claim_jobs.batch;
  v_cursor uuid;
  v_end uuid := v_highest;
  v_chunk uuid[];
  v_tenants uuid[];
  v_served uuid[];
  v_more uuid[] := '{}';
  v_last uuid;
  v_shares integer[];
  v_share integer;
  v_rows integer;
  v_is_topping_up boolean := false;
begin
  if claim_jobs.batch is null or claim_jobs.batch not between 1 and 5000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('batch must be between 1 and 5000, and is %s.', coalesce(claim_jobs.batch::text, 'null'));
  end if;
  if claim_jobs.lease is null or claim_jobs.lease not between interval '1 second' and interval '1 day' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('lease must be between 1 second and 1 day, and is %s.', coalesce(claim_jobs.lease::text, 'null'));
  end if;
  if claim_jobs.worker is null or char_length(claim_jobs.worker) not between 1 and 200 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'worker must be a name of 1 to 200 characters.';
  end if;
  select
    q.name,
    q.is_paused,
    q.max_running_per_tenant,
    q.max_running_per_tenant is not null
      or exists (select from ops.job_tenant_limits as m where m.queue = q.name) as is_limited,
    exists (
      select from private.job_leases as l where l.queue = q.name and l.expires_at <= clock_timestamp()
    ) as has_expired,
    exists (
      select from public.job_queue as j
      where not j.is_due and j.queue = q.name and j.run_at <= clock_timestamp()
    ) as has_come_due,
    coalesce(
      (select w.last_tenant_id from private.job_workers as w where w.queue = q.name and w.worker = claim_jobs.worker),
      v_lowest
    ) as last_tenant
  into v_queue
  from ops.job_queues as q
  where q.name = claim_jobs.queue;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = format('There is no queue %s.', coalesce(quote_literal(claim_jobs.queue), 'null')),
      hint = 'ops.job_queues names the queues.';
  end if;
  if v_queue.has_expired then
    perform public.requeue_expired_jobs(v_queue.name);
  end if;
  if v_queue.has_come_due then
    -- At most so many at a time: the rest comes with the next claims.
    update public.job_queue as j set is_due = true
    where j.ctid = any (array(
      select k.ctid from public.job_queue as k
      where not k.is_due and k.queue = v_queue.name and k.run_at <= clock_timestamp()
      order by k.run_at
      limit 5000
      for update skip locked
    ));
  end if;

  v_cursor := v_queue.last_tenant;
  v_last := v_queue.last_tenant;
  if v_queue.is_limited and not v_queue.is_paused then
    -- Counting what runs and adding to it are one step: the next claim counts what this one took.
    perform pg_advisory_xact_lock(hashtextextended('rowhouse.jobs ' || v_queue.name, 0));
  end if;
  while v_left > 0 and not v_queue.is_paused loop
    if v_is_topping_up then
      v_tenants := v_more;
      v_more := '{}';
    else
      v_chunk := private.list_tenants_with_jobs(v_queue.name, v_cursor, v_end, greatest(4, least(v_left, 100)));
      if cardinality(v_chunk) < least(v_left, 100) and v_end = v_highest then
        -- Once around, from the lowest id to where it began: who is last in the order of ids is not
        -- alone in what is left of a batch.
        v_end := v_queue.last_tenant;
        v_chunk := v_chunk || private.list_tenants_with_jobs(
          v_queue.name, v_lowest, v_end, greatest(4, least(v_left, 100)) - cardinality(v_chunk)
        );
      end if;
      if v_chunk = '{}' then
        -- Everybody had a share; who has more fills the batch.
        v_is_topping_up := true;
        continue when v_more <> '{}';
        exit;
      end if;
      v_cursor := v_chunk[cardinality(v_chunk)];
      v_tenants := array(
        select t.id from unnest(v_chunk) with ordinality as t (id, place)
        join public.tenants as n on n.id = t.id and n.status = 'active'
        order by t.place
      );
      continue when v_tenants = '{}';
    end if;
    v_share := (v_left + cardinality(v_tenants) - 1) / cardinality(v_tenants);
    v_shares := case
      when v_queue.is_limited
        then private.share_jobs(v_queue.name, v_tenants, v_share, v_queue.max_running_per_tenant)
      else array_fill(v_share, array[cardinality(v_tenants)])
    end;
    return query
    with
      taken as (
        update public.job_queue as j
        set status = 'running', attempt = j.attempt + 1, lease_id = v_lease, started_at = clock_timestamp()
        where j.ctid = any (array(
          select p.place
          from unnest(v_tenants, v_shares) as t (id, share)
          cross join lateral (
            select k.ctid as place
            from public.job_queue as k
            where k.is_due and k.queue = v_queue.name and k.tenant_id = t.id and k.status = 'queued'
            order by k.priority desc, k.run_at, k.id
            limit t.share
            for update skip locked
          ) as p
          limit v_left
        ))
        returning j.tenant_id, j.id, j.type, j.payload, j.attempt, j.max_attempts, j.priority, j.run_at
      ),
      leased as (
        insert into private.job_leases as l (lease_id, queue, worker, tenant_ids, job_ids, expires_at)
        select v_lease, v_queue.name, claim_jobs.worker, array_agg(g.tenant_id), array_agg(g.id),
          clock_timestamp() + claim_jobs.lease
        from taken as g
        having count(*) > 0
        on conflict on constraint job_leases_pkey do update
        set tenant_ids = l.tenant_ids || excluded.tenant_ids, job_ids = l.job_ids || excluded.job_ids
      )
    select v_lease, g.id, g.tenant_id, g.type, g.payload, g.attempt::integer, g.max_attempts::integer
    from taken as g
    order by g.priority desc, g.run_at, g.id;
    get diagnostics v_rows = row_count;
    if v_rows > 0 then
      -- Who got all of a share may have more. Who got the rest of the batch instead comes first next
      -- time, so that shares are equal over several claims where a batch cannot be divided.
      select
        array_agg(t.id order by t.place),
        v_more || coalesce(array_agg(t.id order by t.place) filter (where g.jobs >= t.share), '{}')
      into v_served, v_more
      from unnest(v_tenants, v_shares) with ordinality as t (id, share, place)
      join (
        select i.id, count(*) as jobs
        from private.job_leases as l
        cross join lateral unnest(
          l.tenant_ids[claim_jobs.batch - v_left + 1 : claim_jobs.batch - v_left + v_rows]
        ) as i (id)
        where l.lease_id = v_lease
        group by i.id
      ) as g on g.id = t.id;
      v_last := coalesce(v_more[cardinality(v_more)], v_served[cardinality(v_served)]);
      v_left := v_left - v_rows;
    end if;
    exit when v_is_topping_up and v_more = '{}';
  end loop;

  insert into private.job_workers as w (queue, worker, last_tenant_id, is_listening, seen_at)
  values (
    v_queue.name,
    claim_jobs.worker,
    v_last,
    claim_jobs.is_listening and v_left > 0,
    clock_timestamp()
  )
  on conflict on constraint job_workers_pkey do update
  set
    last_tenant_id = excluded.last_tenant_id,
    is_listening = excluded.is_listening,
    seen_at = excluded.seen_at;
end
$$;
comment on function public.claim_jobs(text, text, integer, interval, boolean) is
  'Gives a worker up to batch jobs of a queue, for the service role, under one lease of that length '
  '(1 second to 1 day; heartbeat_job extends it). No other worker gets them until they are returned or '
  'the lease runs out. Tenants take turns. is_listening: notify rowhouse_jobs of jobs that come after '
  'this claim was not filled. Returns the jobs in the order in which to do them; none also while the queue is '
  'paused. Raises PT404 for an unknown queue, 22023 for values out of range.';
revoke all on function public.claim_jobs(text, text, integer, interval, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.claim_jobs(text, text, integer, interval, boolean) to service_role;
