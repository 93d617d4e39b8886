-- What was executed, by month, and how components and whole tenants were over time. (O6)

create table public.execution_history (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_at timestamptz not null default now(),
  subject_type text not null
    constraint subject_type_is_known check (subject_type in ('workflow', 'task', 'component', 'other')),
  subject_id uuid,
  component_id uuid,
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  status text not null constraint status_is_known check (status in ('succeeded', 'failed', 'cancelled')),
  started_at timestamptz not null constraint started_at_is_a_time check (isfinite(started_at)),
  duration_ms bigint generated always as (
    case when isfinite(started_at) then (extract(epoch from created_at - started_at) * 1000)::bigint end
  ) stored,
  attempt smallint not null default 1 constraint attempt_is_between_1_and_1000 check (attempt between 1 and 1000),
  correlation_id text
    constraint correlation_id_has_1_to_128_characters check (char_length(correlation_id) between 1 and 128),
  details jsonb not null default '{}'
    constraint details_are_an_object_of_at_most_64_kb
    check (jsonb_typeof(details) = 'object' and octet_length(details::text) <= 65536),
  error text constraint error_has_1_to_10000_characters check (char_length(error) between 1 and 10000),
  created_by uuid,
  constraint starts_before_it_ends check (started_at <= created_at),
  constraint has_an_error_when_it_failed check (status <> 'failed' or error is not null),
  constraint execution_history_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
) partition by range (created_at);
comment on table public.execution_history is
  'What was executed and how it ended: a row when it has. Written by record_execution; never changed.';
comment on column public.execution_history.created_at is 'When it ended.';
comment on column public.execution_history.subject_id is 'The workflow, task or component. History outlives it.';
comment on column public.execution_history.component_id is 'What executed it. History outlives it.';
comment on column public.execution_history.created_by is
  'The signed-in user; null for a system. It outlives the account.';

create index execution_history_subject_id_idx on public.execution_history (tenant_id, subject_id, created_at desc)
  where subject_id is not null;
create index execution_history_component_id_idx on public.execution_history (tenant_id, component_id, created_at desc)
  where component_id is not null;
alter table public.execution_history add constraint execution_history_pkey primary key (tenant_id, created_at, id);

call private.enroll('public.execution_history', read => 'viewer');
-- A row for a month that is not there would be refused; the function makes it.
revoke insert, update, delete on public.execution_history from service_role;

insert into ops.retention_policies (relation, time_column, keep, least_keep, months_ahead, description)
values ('public.execution_history', 'created_at', '1 year', '30 days', 3, 'What was executed.');

do $$
begin
  perform ops.add_partitions();
end
$$;


create function public.record_execution(
  tenant_id uuid,
  name text,
  status text,
  started_at timestamptz,
  subject_type text default 'other',
  subject_id uuid default null,
  component_id uuid default null,
  attempt integer default 1,
  error text default null,
  details jsonb default '{}',
  correlation_id text default null
)
  returns uuid
  language plpgsql
  volatile
  security definer -- nobody writes the history, and a month may have to be made
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  if not private.is_trusted_session() then
    perform private.require_role(record_execution.tenant_id, 'member');
  end if;
  if record_execution.component_id is not null then
    perform private.require_component(record_execution.tenant_id, record_execution.component_id);
  end if;
  perform private.ensure_partition('public.execution_history', clock_timestamp());
  insert into public.execution_history (
    tenant_id, created_at, subject_type, subject_id, component_id, name, status, started_at, attempt, correlation_id,
    details, error, created_by
  )
  values (
    record_execution.tenant_id,
    clock_timestamp(),
    record_execution.subject_type,
    record_execution.subject_id,
    record_execution.component_id,
    record_execution.name,
    record_execution.status,
    record_execution.started_at,
    record_execution.attempt,
    record_execution.correlation_id,
    coalesce(record_execution.details, '{}'),
    record_execution.error,
    auth.uid()
  )
  returning execution_history.id into v_id;
  return v_id;
end
$$;
comment on function public.record_execution(
  uuid, text, text, timestamptz, text, uuid, uuid, integer, text, jsonb, text
) is
  'Records that something was executed and ended now: succeeded, failed (with an error) or cancelled. '
  'Returns the id. Raises PT404 for a tenant or component out of reach, 42501 below member, 23514 for '
  'values that do not fit.';
revoke all on function public.record_execution(
  uuid, text, text, timestamptz, text, uuid, uuid, integer, text, jsonb, text
) from public, anon, authenticated, service_role;
grant execute on function public.record_execution(
  uuid, text, text, timestamptz, text, uuid, uuid, integer, text, jsonb, text
) to authenticated, service_role;


create table public.system_health (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  component_id uuid,
  status text not null
    constraint status_is_known check (status in ('unknown', 'healthy', 'degraded', 'unhealthy', 'silent')),
  components integer not null default 1 constraint components_are_at_least_1 check (components >= 1),
  not_healthy integer not null default 0
    constraint not_healthy_is_at_most_all check (not_healthy between 0 and components),
  details jsonb not null default '{}'
    constraint details_are_an_object_of_at_most_16_kb
    check (jsonb_typeof(details) = 'object' and octet_length(details::text) <= 16384),
  created_at timestamptz not null default now(),
  constraint system_health_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint system_health_tenant_id_component_id_fkey foreign key (tenant_id, component_id)
    references public.components (tenant_id, id) on delete cascade
)
with (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
comment on table public.system_health is
  'How things were: of a component a row whenever its status changed, of a tenant a row every quarter of an hour.';
comment on column public.system_health.component_id is 'Null: the enabled components of the tenant taken together.';
comment on column public.system_health.status is
  'Of a tenant: the worst of its components, where silent counts as unhealthy.';
comment on column public.system_health.not_healthy is 'Components that were degraded, unhealthy or silent.';

create index system_health_page_idx on public.system_health (tenant_id, created_at desc, id desc);
create index system_health_component_id_idx on public.system_health (tenant_id, component_id, created_at desc);
create index system_health_created_at_idx on public.system_health (created_at);
alter table public.system_health add constraint system_health_pkey primary key (tenant_id, id);

call private.enroll('public.system_health', read => 'viewer');

insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values ('public.system_health', 'created_at', '90 days', '7 days', 'How components and tenants were.');


create function private.tg_components__record_health()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  insert into public.system_health (tenant_id, component_id, status, not_healthy, details, created_at)
  values (
    new.tenant_id,
    new.id,
    new.health_status,
    case when new.health_status in ('degraded', 'unhealthy', 'silent') then 1 else 0 end,
    new.health_details,
    clock_timestamp()
  );
  return null;
end
$$;
comment on function private.tg_components__record_health() is
  'After the status of a component became another one: a row of system_health.';
revoke all on function private.tg_components__record_health() from public, anon, authenticated, service_role;

create trigger _500_record_health
  after update of health_status on public.components
  for each row
  when (old.health_status is distinct from new.health_status)
  execute function private.tg_components__record_health();


create function ops.snapshot_system_health()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_written integer;
begin
  insert into public.system_health (tenant_id, status, components, not_healthy, details)
  select
    c.tenant_id,
    case
      when bool_or(c.health_status in ('unhealthy', 'silent')) then 'unhealthy'
      when bool_or(c.health_status = 'degraded') then 'degraded'
      when bool_or(c.health_status = 'healthy') then 'healthy'
      else 'unknown'
    end,
    count(*),
    count(*) filter (where c.health_status in ('degraded', 'unhealthy', 'silent')),
    jsonb_strip_nulls(jsonb_build_object(
      'healthy', nullif(count(*) filter (where c.health_status = 'healthy'), 0),
      'degraded', nullif(count(*) filter (where c.health_status = 'degraded'), 0),
      'unhealthy', nullif(count(*) filter (where c.health_status = 'unhealthy'), 0),
      'silent', nullif(count(*) filter (where c.health_status = 'silent'), 0),
      'unknown', nullif(count(*) filter (where c.health_status = 'unknown'), 0)
    ))
  from public.components as c
  where c.is_enabled
  group by c.tenant_id;
  get diagnostics v_written = row_count;
  return v_written;
end
$$;
comment on function ops.snapshot_system_health() is
  'Writes down how the components of each tenant are, taken together; returns how many tenants have '
  'some. For the schedule snapshot-system-health.';
revoke all on function ops.snapshot_system_health() from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'snapshot-system-health',
  'How the components of each tenant are, taken together.',
  '*/15 * * * *',
  'sql',
  'select ops.snapshot_system_health()'
);
