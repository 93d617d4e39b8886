-- What happened: events, by month from the start, so that retention is a drop. (O4)
-- An event can be of last month, or the scheduler that makes months ahead can have stood still: the
-- month it belongs to is then made on the spot. A default partition would take it as well, but every
-- page, newest first, would from then on be merged from all months instead of read from one.

create function private.ensure_partition(relation regclass, at timestamptz)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_month constant timestamp := date_trunc('month', ensure_partition.at at time zone 'utc');
  v_relation text;
  v_keep interval;
  v_partition text;
begin
  select format('%I.%I', n.nspname, c.relname), c.relname || '_' || to_char(v_month, 'YYYY_MM')
  into v_relation, v_partition
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.oid = ensure_partition.relation;
  select p.keep into v_keep
  from ops.retention_policies as p
  where p.relation = v_relation and p.is_enabled;
  v_keep := coalesce(v_keep, interval '10 years');
  if ensure_partition.at is null
    or ensure_partition.at < now() - v_keep
    or ensure_partition.at > now() + interval '1 day'
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'created_at must be a time that is still kept, and at most a day ahead.',
      detail = format('created_at %s', coalesce(ensure_partition.at::text, 'null')),
      hint = format('%s keeps %s.', v_relation, v_keep);
  end if;
  if to_regclass(format('private.%I', v_partition)) is not null then
    return;
  end if;
  -- One lock for all tables: who needs a month of two of them waits for nobody who holds the other.
  perform pg_advisory_xact_lock(hashtextextended('rowhouse makes a partition', 0));
  if to_regclass(format('private.%I', v_partition)) is not null then
    return;
  end if;
  -- Attached and not created as a partition: that would stop everybody who reads or writes the table
  -- until this transaction ends.
  execute format(
    'create table private.%I (like %s including defaults including constraints including generated including storage)',
    v_partition, ensure_partition.relation
  );
  execute format('alter table private.%I enable row level security', v_partition);
  execute format('revoke all on private.%I from public, anon, authenticated, service_role', v_partition);
  execute format(
    'alter table %s attach partition private.%I for values from (%L) to (%L)',
    ensure_partition.relation, v_partition, v_month at time zone 'utc',
    (v_month + interval '1 month') at time zone 'utc'
  );
end
$$;
comment on function private.ensure_partition(regclass, timestamptz) is
  'Makes the month of a table that a time belongs to, unless it is there. Raises 22023 for a time '
  'that retention would delete at once, or more than a day ahead. Months ahead are made by '
  'ops.add_partitions.';
revoke all on function private.ensure_partition(regclass, timestamptz)
  from public, anon, authenticated, service_role;


create table public.events (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_at timestamptz not null default now(),
  type text not null constraint type_has_1_to_100_characters check (char_length(type) between 1 and 100),
  severity text not null default 'info'
    constraint severity_is_known check (severity in ('debug', 'info', 'warning', 'error', 'critical')),
  component_id uuid,
  correlation_id text
    constraint correlation_id_has_1_to_128_characters check (char_length(correlation_id) between 1 and 128),
  trace_id text constraint trace_id_has_1_to_128_characters check (char_length(trace_id) between 1 and 128),
  message text constraint message_has_at_most_10000_characters check (char_length(message) <= 10000),
  payload jsonb not null default '{}'
    constraint payload_is_an_object_of_at_most_256_kb
    check (jsonb_typeof(payload) = 'object' and octet_length(payload::text) <= 262144),
  created_by uuid,
  constraint events_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
) partition by range (created_at);
comment on table public.events is 'What happened in a tenant''s work. Written by log_event; never changed.';
comment on column public.events.component_id is
  'Where it happened. It was a component of the tenant then; events outlive their component.';
comment on column public.events.correlation_id is 'What all that belongs to one piece of work shares.';
comment on column public.events.trace_id is 'What all that was caused by one request shares, over components.';
comment on column public.events.created_by is 'The signed-in user; null for a system. It outlives the account.';

create index events_correlation_id_idx on public.events (tenant_id, correlation_id, created_at desc)
  where correlation_id is not null;
create index events_trace_id_idx on public.events (tenant_id, trace_id, created_at desc) where trace_id is not null;
create index events_component_id_idx on public.events (tenant_id, component_id, created_at desc)
  where component_id is not null;
create index events_severity_idx on public.events (tenant_id, severity, created_at desc)
  where severity in ('error', 'critical');
-- It is the page, newest first, as well: unique on a table partitioned by time.
alter table public.events add constraint events_pkey primary key (tenant_id, created_at, id);

call private.enroll('public.events', read => 'viewer');
-- A row for a month that is not there would be refused; the function makes it.
revoke insert, update, delete on public.events from service_role;

insert into ops.retention_policies (relation, time_column, keep, least_keep, months_ahead, description)
values ('public.events', 'created_at', '90 days', '7 days', 3, 'What happened in the work of tenants.');

do $$
begin
  perform ops.add_partitions();
end
$$;


create function public.log_event(
  tenant_id uuid,
  type text,
  severity text default 'info',
  message text default null,
  payload jsonb default '{}',
  component_id uuid default null,
  correlation_id text default null,
  trace_id text default null,
  created_at timestamptz default null
)
  returns uuid
  language plpgsql
  volatile
  security definer -- nobody writes events, and a month may have to be made
  set search_path = ''
as $$
declare
  v_at constant timestamptz := coalesce(log_event.created_at, now());
  v_bytes constant integer := octet_length(log_event.payload::text);
  v_id uuid;
begin
  if not private.is_trusted_session() then
    perform private.require_role(log_event.tenant_id, 'member');
    if log_event.created_at is not null then
      raise exception using
        errcode = 'insufficient_privilege',
        message = 'An event of a user happens now.',
        hint = 'Leave created_at out; the service role may set it.';
    end if;
  end if;
  if log_event.component_id is not null then
    perform private.require_component(log_event.tenant_id, log_event.component_id);
  end if;
  -- Before the row: the error of a constraint would repeat what it refuses.
  if v_bytes > 262144 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'payload must have at most 256 KB.',
      detail = format('%s bytes', v_bytes),
      hint = 'Keep large content elsewhere and log where it is.';
  end if;
  perform private.ensure_partition('public.events', v_at);
  insert into public.events (
    tenant_id, created_at, type, severity, component_id, correlation_id, trace_id, message, payload, created_by
  )
  values (
    log_event.tenant_id,
    v_at,
    log_event.type,
    log_event.severity,
    log_event.component_id,
    log_event.correlation_id,
    log_event.trace_id,
    log_event.message,
    coalesce(log_event.payload, '{}'),
    auth.uid()
  )
  returning events.id into v_id;
  return v_id;
end
$$;
comment on function public.log_event(uuid, text, text, text, jsonb, uuid, text, text, timestamptz) is
  'Writes an event and returns its id. severity: debug, info, warning, error or critical. created_at: '
  'for the service role alone, from what is still kept to a day ahead. Raises PT404 for a tenant or '
  'component out of reach, 42501 below member, 22023 for a payload beyond 256 KB or a time out of '
  'range, 23514 for another value that does not fit.';
revoke all on function public.log_event(uuid, text, text, text, jsonb, uuid, text, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.log_event(uuid, text, text, text, jsonb, uuid, text, text, timestamptz)
  to authenticated, service_role;
