-- The job queue's tables: jobs to do, who works on them, what became of them. (T6)
-- Only functions write here. A job that is claimed changes no indexed column, so its new version
-- stays on its page and no index is written: the ready index holds jobs at work too, and a claim
-- passes over the few of them. A job that ends moves to finished_jobs, so that a queue is as fast
-- beside millions of finished jobs as beside none.

create table public.job_queue (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  queue text not null default 'default',
  type text not null constraint type_has_1_to_100_characters check (char_length(type) between 1 and 100),
  status text not null default 'queued' constraint status_is_known check (status in ('queued', 'running')),
  priority smallint not null default 0
    constraint priority_is_between_minus_1000_and_1000 check (priority between -1000 and 1000),
  run_at timestamptz not null default now() constraint run_at_is_a_time check (isfinite(run_at)),
  is_due boolean not null default true,
  attempt smallint not null default 0,
  max_attempts smallint not null default 5
    constraint max_attempts_is_between_1_and_100 check (max_attempts between 1 and 100),
  lease_id uuid,
  started_at timestamptz,
  requested_by uuid,
  created_at timestamptz not null default now(),
  dedupe_key text constraint dedupe_key_has_1_to_200_characters check (char_length(dedupe_key) between 1 and 200),
  payload jsonb not null default '{}'
    constraint payload_is_an_object_of_at_most_256_kb
    check (jsonb_typeof(payload) = 'object' and octet_length(payload::text) <= 262144),
  last_error text,
  constraint is_leased_while_it_runs
    check ((status = 'running') = (lease_id is not null) and (status = 'queued' or started_at is not null)),
  constraint attempt_is_between_0_and_the_most check (attempt between 0 and max_attempts)
)
-- Half of each page is kept for the versions that a claim writes.
with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);
comment on table public.job_queue is
  'Jobs that wait or run. Written by enqueue_job, claim_jobs and their like; what ended is in '
  'finished_jobs.';
comment on column public.job_queue.type is 'What is to be done: workers register a handler for each type.';
comment on column public.job_queue.priority is 'The higher goes first, among the jobs of one tenant.';
comment on column public.job_queue.run_at is 'Not before this time. A failed attempt moves it.';
comment on column public.job_queue.is_due is
  'Whether run_at has come, as far as a claim has noticed. Jobs of later are kept out of the way of '
  'those that can run.';
comment on column public.job_queue.attempt is 'The number of the attempt at work, or of those made.';
comment on column public.job_queue.lease_id is
  'The claim under which it runs. Only who shows it may end the job: a worker that lost its lease '
  'ends nothing.';
comment on column public.job_queue.requested_by is
  'The user who asked for it; stays when the account goes. Null: a system did.';
comment on column public.job_queue.dedupe_key is
  'A second job with the key of one that is not over is not made: private.job_keys.';
comment on column public.job_queue.last_error is 'Why the last attempt failed.';

-- In the order in which jobs are given out.
create index job_queue_ready_idx on public.job_queue (queue, tenant_id, priority desc, run_at, id) where is_due;
create index job_queue_later_idx on public.job_queue (queue, run_at) where not is_due;
alter table public.job_queue add constraint job_queue_pkey primary key (tenant_id, id);

call private.enroll('public.job_queue', read => 'viewer');
-- Written by functions alone: a lease counts its jobs.
revoke insert, update, delete on public.job_queue from service_role;


create table public.finished_jobs (
  tenant_id uuid not null,
  id uuid not null,
  queue text not null,
  type text not null,
  status text not null constraint status_is_known check (status in ('succeeded', 'dead', 'cancelled')),
  priority smallint not null,
  run_at timestamptz not null,
  attempt smallint not null,
  max_attempts smallint not null,
  started_at timestamptz,
  requested_by uuid,
  created_at timestamptz not null,
  finished_at timestamptz not null default now(),
  dedupe_key text,
  payload jsonb not null,
  result jsonb,
  error text,
  constraint has_an_error_when_dead check (status <> 'dead' or error is not null)
)
with (
  autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_vacuum_insert_threshold = 10000,
  autovacuum_analyze_scale_factor = 0.02
);
comment on table public.finished_jobs is
  'Jobs that are over: succeeded, dead after their last attempt, or cancelled. Kept for a while '
  '(ops.retention_policies); retry_dead_jobs puts dead ones back into the queue.';
comment on column public.finished_jobs.result is 'What the handler returned.';
comment on column public.finished_jobs.started_at is 'When the last attempt began. Null: none did.';

create index finished_jobs_finished_at_idx on public.finished_jobs (finished_at);
create index finished_jobs_dead_idx on public.finished_jobs (queue, finished_at) where status = 'dead';
alter table public.finished_jobs add constraint finished_jobs_pkey primary key (tenant_id, id);

call private.enroll('public.finished_jobs', read => 'viewer');
revoke insert, update, delete on public.finished_jobs from service_role;


create table private.job_leases (
  lease_id uuid not null,
  queue text not null,
  worker text not null,
  tenant_ids uuid[] not null,
  job_ids uuid[] not null,
  claimed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint job_leases_pkey primary key (lease_id),
  constraint job_leases_queue_fkey foreign key (queue) references ops.job_queues (name) on delete cascade,
  constraint tenants_and_jobs_are_pairs check (cardinality(tenant_ids) = cardinality(job_ids))
)
with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
comment on table private.job_leases is
  'Who works on what until when: one row a claim. A worker that does not extend its lease loses the '
  'jobs (requeue_expired_jobs).';
comment on column private.job_leases.job_ids is
  'The jobs that run under it, each with its tenant at the same place of tenant_ids. Whoever ends a '
  'job takes it out, so that the jobs of a tenant that run can be counted here.';

-- The ids are as good as random: compressing them is work for nothing.
alter table private.job_leases alter column tenant_ids set storage external, alter column job_ids set storage external;
create index job_leases_queue_expires_at_idx on private.job_leases (queue, expires_at);

alter table private.job_leases enable row level security;
revoke all on private.job_leases from public, anon, authenticated, service_role;


create table private.job_workers (
  queue text not null,
  worker text not null,
  last_tenant_id uuid,
  is_listening boolean not null default false,
  seen_at timestamptz not null default now(),
  constraint job_workers_pkey primary key (queue, worker),
  constraint job_workers_queue_fkey foreign key (queue) references ops.job_queues (name) on delete cascade
)
with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 200);
comment on table private.job_workers is
  'The workers of each queue. A row is written by its own worker only, so workers never wait for '
  'each other here.';
comment on column private.job_workers.last_tenant_id is
  'The tenant that was served last: the next claim goes on with the one after it.';
comment on column private.job_workers.is_listening is
  'Whether its last claim was not filled and it listens for new jobs. Only then is a notification '
  'sent: commits that notify wait for each other.';

alter table private.job_workers enable row level security;
revoke all on private.job_workers from public, anon, authenticated, service_role;


create table private.job_keys (
  tenant_id uuid not null,
  queue text not null,
  dedupe_key text not null,
  job_id uuid not null,
  kept_until timestamptz,
  constraint job_keys_pkey primary key (tenant_id, queue, dedupe_key)
)
with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
comment on table private.job_keys is 'The dedupe keys in force, each with the job that holds it.';
comment on column private.job_keys.kept_until is
  'The end of the key''s window. Null: the key is free when its job is over.';

create index job_keys_kept_until_idx on private.job_keys (kept_until);

alter table private.job_keys enable row level security;
revoke all on private.job_keys from public, anon, authenticated, service_role;


create function private.tg_jobs__need_a_tenant()
  returns trigger
  language plpgsql
  volatile
  security definer -- locks tenants, whatever the caller may read
  set search_path = ''
as $$
declare
  v_tenant uuid;
  v_queue text;
begin
  -- What a foreign key would do, once for a batch and not once for each of its rows (a third of the
  -- time of a batch of a thousand). The lock keeps the tenant from being deleted meanwhile.
  with tenants as (
    select t.id from public.tenants as t
    where t.id in (select a.tenant_id from added as a)
    order by t.id
    for key share
  )
  select a.tenant_id into v_tenant
  from added as a
  where not exists (select from tenants as t where t.id = a.tenant_id)
  limit 1;
  if found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such tenant.',
      detail = format('tenant_id %s', v_tenant);
  end if;
  select a.queue into v_queue
  from added as a
  where not exists (select from ops.job_queues as q where q.name = a.queue)
  limit 1;
  if found then
    raise exception using
      errcode = 'PT404',
      message = format('There is no queue %L.', v_queue),
      hint = 'ops.job_queues names the queues.';
  end if;
  return null;
end
$$;
comment on function private.tg_jobs__need_a_tenant() is
  'After insert of jobs: raises PT404 for a tenant or queue that is not there. Stands for the '
  'foreign keys of job_queue, finished_jobs and job_keys.';
revoke all on function private.tg_jobs__need_a_tenant() from public, anon, authenticated, service_role;

create trigger _300_need_a_tenant
  after insert on public.job_queue
  referencing new table as added
  for each statement execute function private.tg_jobs__need_a_tenant();
-- A key is written before its job, and must not answer for an unknown tenant in another way.
create trigger _300_need_a_tenant
  after insert on private.job_keys
  referencing new table as added
  for each statement execute function private.tg_jobs__need_a_tenant();


create function private.tg_tenants__drop_jobs()
  returns trigger
  language plpgsql
  volatile
  security definer -- nobody but functions deletes jobs
  set search_path = ''
as $$
begin
  -- The leases first, as everybody does who ends jobs. One of a claim at this very moment keeps its ids
  -- until it runs out.
  perform from private.job_leases as l
  where l.tenant_ids && array(select g.id from gone as g)
  order by l.lease_id
  for update;
  delete from private.job_leases as l where l.tenant_ids <@ array(select g.id from gone as g);
  update private.job_leases as l
  set (tenant_ids, job_ids) = (
    select array_agg(i.tenant_id order by i.place), array_agg(i.id order by i.place)
    from unnest(l.tenant_ids, l.job_ids) with ordinality as i (tenant_id, id, place)
    where i.tenant_id not in (select g.id from gone as g)
  )
  where l.tenant_ids && array(select g.id from gone as g);
  delete from public.job_queue as j where j.tenant_id in (select g.id from gone as g);
  delete from public.finished_jobs as f where f.tenant_id in (select g.id from gone as g);
  delete from private.job_keys as k where k.tenant_id in (select g.id from gone as g);
  return null;
end
$$;
comment on function private.tg_tenants__drop_jobs() is
  'After delete of tenants: their jobs and keys go with them, as a foreign key would have it, and leave '
  'the leases they ran under. (C12)';
revoke all on function private.tg_tenants__drop_jobs() from public, anon, authenticated, service_role;

create trigger _600_drop_jobs
  after delete on public.tenants
  referencing old table as gone
  for each statement execute function private.tg_tenants__drop_jobs();


insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values
  ('private.job_keys', 'kept_until', '1 second', '1 second', 'Dedupe keys whose window is over.'),
  ('private.job_workers', 'seen_at', '7 days', '1 day', 'Workers that claimed nothing for so long.');
