-- Queues and what they are told to do: pause, back-off, limits for each tenant, and which job types
-- tenants may ask for. (T6) All of it is data that operators change while workers run.

create table ops.job_queues (
  name text not null constraint name_is_lower_case_words check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint name_has_at_most_50_letters check (length(name) <= 50),
  description text not null default '',
  is_paused boolean not null default false,
  paused_reason text constraint paused_reason_has_at_most_500_characters check (char_length(paused_reason) <= 500),
  max_attempts smallint not null default 5 constraint max_attempts_is_between_1_and_100 check (max_attempts between 1 and 100),
  backoff_base interval not null default '10 seconds',
  backoff_cap interval not null default '1 hour',
  backoff_jitter double precision not null default 0.25
    constraint backoff_jitter_is_a_share check (backoff_jitter between 0 and 1),
  max_running_per_tenant integer
    constraint max_running_per_tenant_is_positive check (max_running_per_tenant > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint job_queues_pkey primary key (name),
  constraint backoff_base_is_positive check (backoff_base > '0'),
  constraint backoff_cap_is_between_the_base_and_30_days check (backoff_cap between backoff_base and '30 days'),
  constraint only_a_paused_queue_has_a_reason check (is_paused or paused_reason is null)
);
comment on table ops.job_queues is 'The queues of public.job_queue. A job names one of them.';
comment on column ops.job_queues.is_paused is
  'A paused queue takes jobs and gives out none; what runs goes on. Set by pause_queue.';
comment on column ops.job_queues.max_attempts is 'How often a job is tried that does not say so itself.';
comment on column ops.job_queues.backoff_base is
  'The wait after the first failed attempt. It doubles with each further one, up to backoff_cap.';
comment on column ops.job_queues.backoff_jitter is
  'The share of a wait that is left to chance: 0.25 makes it 0.75 to 1 times as long, so that jobs '
  'that failed together do not return together.';
comment on column ops.job_queues.max_running_per_tenant is
  'How many jobs of one tenant run at a time; null: as many as there are workers for. '
  'ops.job_tenant_limits says otherwise for single tenants.';

alter table ops.job_queues enable row level security;
revoke all on ops.job_queues from public, anon, authenticated, service_role;
-- A queue that is gone would strand its jobs, so none is deleted; pause_queue writes the pause.
grant select,
  insert (name, description, max_attempts, backoff_base, backoff_cap, backoff_jitter, max_running_per_tenant),
  update (description, max_attempts, backoff_base, backoff_cap, backoff_jitter, max_running_per_tenant)
  on ops.job_queues to service_role;

create trigger _200_touch
  before update on ops.job_queues
  for each row execute function private.tg__touch();

insert into ops.job_queues (name, description)
values ('default', 'Jobs that name no other queue.'), ('testing', 'Runs of tests.');


create table ops.job_tenant_limits (
  tenant_id uuid not null,
  queue text not null,
  max_running integer constraint max_running_is_positive check (max_running > 0),
  created_at timestamptz not null default now(),
  constraint job_tenant_limits_pkey primary key (tenant_id, queue),
  constraint job_tenant_limits_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint job_tenant_limits_queue_fkey foreign key (queue) references ops.job_queues (name) on delete cascade
);
comment on table ops.job_tenant_limits is
  'How many jobs of a tenant run at a time in a queue, where that differs from the queue''s own limit.';
comment on column ops.job_tenant_limits.max_running is 'Null: no limit for this tenant.';

create index job_tenant_limits_queue_idx on ops.job_tenant_limits (queue);

alter table ops.job_tenant_limits enable row level security;
revoke all on ops.job_tenant_limits from public, anon, authenticated, service_role;
grant select, insert (tenant_id, queue, max_running), update (max_running), delete
  on ops.job_tenant_limits to service_role;


create table ops.job_types (
  type text not null constraint type_has_1_to_100_characters check (char_length(type) between 1 and 100),
  queue text not null default 'default',
  lowest_role text not null default 'member'
    constraint role_is_known check (lowest_role in ('customer', 'viewer', 'member', 'manager', 'admin', 'owner')),
  description text not null default '',
  created_at timestamptz not null default now(),
  constraint job_types_pkey primary key (type),
  constraint job_types_queue_fkey foreign key (queue) references ops.job_queues (name) on delete cascade
);
comment on table ops.job_types is
  'The job types that members may ask for themselves (request_job), each with the lowest role that '
  'may. Any other type is for the service role alone.';

create index job_types_queue_idx on ops.job_types (queue);

alter table ops.job_types enable row level security;
revoke all on ops.job_types from public, anon, authenticated, service_role;
grant select, insert (type, queue, lowest_role, description), update (queue, lowest_role, description), delete
  on ops.job_types to service_role;
