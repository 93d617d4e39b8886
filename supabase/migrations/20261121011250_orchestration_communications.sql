-- What components say to each other: request, response, attempts, time-outs. (O4)
-- The table keeps the state; whoever calls does the calling, and asks here whether to try again.

create table public.component_communications (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  from_component_id uuid not null,
  to_component_id uuid not null,
  operation text not null constraint operation_has_1_to_200_characters check (char_length(operation) between 1 and 200),
  status text not null default 'pending'
    constraint status_is_known check (status in ('pending', 'waiting', 'succeeded', 'failed', 'timed_out')),
  attempt smallint not null default 1,
  max_attempts smallint not null default 3
    constraint max_attempts_is_between_1_and_100 check (max_attempts between 1 and 100),
  timeout_ms integer not null default 30000
    constraint timeout_is_between_1_ms_and_1_day check (timeout_ms between 1 and 86400000),
  started_at timestamptz not null default now(),
  expires_at timestamptz,
  retry_at timestamptz,
  finished_at timestamptz,
  correlation_id text
    constraint correlation_id_has_1_to_128_characters check (char_length(correlation_id) between 1 and 128),
  trace_id text constraint trace_id_has_1_to_128_characters check (char_length(trace_id) between 1 and 128),
  request jsonb not null default '{}'
    constraint request_has_at_most_256_kb check (octet_length(request::text) <= 262144),
  response jsonb constraint response_has_at_most_256_kb check (octet_length(response::text) <= 262144),
  error text constraint error_has_1_to_10000_characters check (char_length(error) between 1 and 10000),
  created_at timestamptz not null default now(),
  constraint attempt_is_between_1_and_the_most check (attempt between 1 and max_attempts),
  constraint expires_while_it_is_pending check ((status = 'pending') = (expires_at is not null)),
  constraint has_a_time_for_the_next_attempt_while_it_waits check ((status = 'waiting') = (retry_at is not null)),
  constraint has_finished_when_it_is_over
    check ((status in ('succeeded', 'failed', 'timed_out')) = (finished_at is not null)),
  constraint has_an_error_unless_it_goes_well check (status in ('pending', 'succeeded') or error is not null),
  constraint component_communications_tenant_id_from_component_id_fkey foreign key (tenant_id, from_component_id)
    references public.components (tenant_id, id) on delete cascade,
  constraint component_communications_tenant_id_to_component_id_fkey foreign key (tenant_id, to_component_id)
    references public.components (tenant_id, id) on delete cascade
);
comment on table public.component_communications is
  'Calls from one component to another. Written by start_, finish_ and retry_communication.';
comment on column public.component_communications.status is
  'pending: an answer is waited for. waiting: the next attempt is. timed_out: nothing came at the last attempt.';
comment on column public.component_communications.attempt is 'The attempt at work, or the last one made.';
comment on column public.component_communications.expires_at is 'When the attempt at work has taken too long.';
comment on column public.component_communications.error is 'Why the last attempt that ended did not go well.';

create index component_communications_page_idx
  on public.component_communications (tenant_id, created_at desc, id desc);
create index component_communications_from_component_id_idx
  on public.component_communications (tenant_id, from_component_id, created_at desc);
create index component_communications_to_component_id_idx
  on public.component_communications (tenant_id, to_component_id, created_at desc);
create index component_communications_correlation_id_idx
  on public.component_communications (tenant_id, correlation_id) where correlation_id is not null;
create index component_communications_expires_at_idx
  on public.component_communications (expires_at) where status = 'pending';
create index component_communications_finished_at_idx on public.component_communications (finished_at);
alter table public.component_communications
  add constraint component_communications_pkey primary key (tenant_id, id);

call private.enroll('public.component_communications', read => 'viewer');

insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values (
  'public.component_communications', 'finished_at', '90 days', '7 days', 'Calls between components, once they are over.'
);


create function private.end_attempt(tenant_id uuid, communication_id uuid, error text, is_late boolean)
  returns text
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_status text;
begin
  update public.component_communications as c
  set
    status = case
      when c.attempt < c.max_attempts then 'waiting'
      when end_attempt.is_late then 'timed_out'
      else 'failed'
    end,
    error = end_attempt.error,
    expires_at = null,
    -- A second, two, four, up to an hour.
    retry_at = case
      when c.attempt < c.max_attempts
        then clock_timestamp() + make_interval(secs => least(power(2, c.attempt - 1), 3600))
    end,
    finished_at = case when c.attempt >= c.max_attempts then clock_timestamp() end
  where c.tenant_id = end_attempt.tenant_id and c.id = end_attempt.communication_id
  returning c.status into v_status;
  return v_status;
end
$$;
comment on function private.end_attempt(uuid, uuid, text, boolean) is
  'An attempt that did not go well: waits for the next one, or was the last. Returns the status.';
revoke all on function private.end_attempt(uuid, uuid, text, boolean)
  from public, anon, authenticated, service_role;


create function private.lock_communication(tenant_id uuid, communication_id uuid)
  returns public.component_communications
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_found public.component_communications;
begin
  select c.* into v_found
  from public.component_communications as c
  where c.tenant_id = lock_communication.tenant_id and c.id = lock_communication.communication_id
  for update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such communication.',
      detail = format('communication_id %s', coalesce(lock_communication.communication_id::text, 'null')),
      hint = 'Use an id that start_communication returned for this tenant.';
  end if;
  return v_found;
end
$$;
comment on function private.lock_communication(uuid, uuid) is
  'A communication of a tenant, locked until the transaction ends. Raises PT404 when there is none.';
revoke all on function private.lock_communication(uuid, uuid) from public, anon, authenticated, service_role;


create function public.start_communication(
  tenant_id uuid,
  from_component_id uuid,
  to_component_id uuid,
  operation text,
  request jsonb default '{}',
  timeout_ms integer default 30000,
  max_attempts integer default 3,
  correlation_id text default null,
  trace_id text default null
)
  returns uuid
  language plpgsql
  volatile
  security definer -- nobody writes communications
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  if not private.is_trusted_session() then
    perform private.require_role(start_communication.tenant_id, 'member');
  end if;
  perform private.require_component(start_communication.tenant_id, start_communication.from_component_id);
  perform private.require_component(start_communication.tenant_id, start_communication.to_component_id);
  insert into public.component_communications (
    tenant_id, from_component_id, to_component_id, operation, request, timeout_ms, max_attempts, started_at, expires_at,
    correlation_id, trace_id
  )
  values (
    start_communication.tenant_id,
    start_communication.from_component_id,
    start_communication.to_component_id,
    start_communication.operation,
    coalesce(start_communication.request, 'null'),
    start_communication.timeout_ms,
    start_communication.max_attempts,
    clock_timestamp(),
    clock_timestamp() + start_communication.timeout_ms * interval '1 millisecond',
    start_communication.correlation_id,
    start_communication.trace_id
  )
  returning component_communications.id into v_id;
  return v_id;
end
$$;
comment on function public.start_communication(uuid, uuid, uuid, text, jsonb, integer, integer, text, text) is
  'Records that one component calls another, at its first attempt, and returns the id. Raises PT404 '
  'for a tenant or component out of reach, 42501 below member, 23514 for values that do not fit.';
revoke all on function public.start_communication(uuid, uuid, uuid, text, jsonb, integer, integer, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.start_communication(uuid, uuid, uuid, text, jsonb, integer, integer, text, text)
  to authenticated, service_role;


create function public.finish_communication(
  tenant_id uuid,
  communication_id uuid,
  attempt integer,
  response jsonb default null,
  error text default null
)
  returns text
  language plpgsql
  volatile
  security definer -- nobody writes communications
  set search_path = ''
as $$
declare
  v_communication public.component_communications;
begin
  if not private.is_trusted_session() then
    perform private.require_role(finish_communication.tenant_id, 'member');
  end if;
  v_communication := private.lock_communication(finish_communication.tenant_id, finish_communication.communication_id);
  -- An answer to an attempt that was given up must not end the one that came after it.
  if v_communication.status <> 'pending' or v_communication.attempt is distinct from finish_communication.attempt then
    raise exception using
      errcode = 'PT409',
      message = 'This attempt is over.',
      detail = format('status %s, attempt %s', v_communication.status, v_communication.attempt),
      hint = 'Only the attempt at work can be finished.';
  end if;
  if finish_communication.error is not null then
    return private.end_attempt(v_communication.tenant_id, v_communication.id, finish_communication.error, false);
  end if;
  update public.component_communications as c
  set
    status = 'succeeded',
    response = finish_communication.response,
    error = null,
    expires_at = null,
    finished_at = clock_timestamp()
  where c.tenant_id = v_communication.tenant_id and c.id = v_communication.id;
  return 'succeeded';
end
$$;
comment on function public.finish_communication(uuid, uuid, integer, jsonb, text) is
  'Ends an attempt, with the response or with an error. After an error the communication waits for the '
  'next attempt (retry_at), a second, two, four and so on later, or has failed. Returns the status. '
  'Raises PT404 when it is out of reach, PT409 when the attempt is not the one at work, 42501 below '
  'member.';
revoke all on function public.finish_communication(uuid, uuid, integer, jsonb, text)
  from public, anon, authenticated, service_role;
grant execute on function public.finish_communication(uuid, uuid, integer, jsonb, text) to authenticated, service_role;


create function public.retry_communication(tenant_id uuid, communication_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer -- nobody writes communications
  set search_path = ''
as $$
declare
  v_communication public.component_communications;
begin
  if not private.is_trusted_session() then
    perform private.require_role(retry_communication.tenant_id, 'member');
  end if;
  v_communication := private.lock_communication(retry_communication.tenant_id, retry_communication.communication_id);
  if v_communication.status <> 'waiting' or v_communication.retry_at > clock_timestamp() then
    raise exception using
      errcode = 'PT409',
      message = 'This communication waits for no attempt now.',
      detail = format(
        'status %s, retry_at %s', v_communication.status, coalesce(v_communication.retry_at::text, 'null')
      ),
      hint = 'Try when retry_at has come, while it is waiting.';
  end if;
  update public.component_communications as c
  set
    status = 'pending',
    attempt = c.attempt + 1,
    started_at = clock_timestamp(),
    expires_at = clock_timestamp() + c.timeout_ms * interval '1 millisecond',
    retry_at = null
  where c.tenant_id = v_communication.tenant_id and c.id = v_communication.id;
  return v_communication.attempt + 1;
end
$$;
comment on function public.retry_communication(uuid, uuid) is
  'Begins the next attempt of a communication that waits for it, and returns its number. Of two that '
  'try, one does. Raises PT404 when it is out of reach, PT409 unless an attempt is due, 42501 below '
  'member.';
revoke all on function public.retry_communication(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.retry_communication(uuid, uuid) to authenticated, service_role;


create function ops.time_out_communications(at_most integer default 1000)
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_ended integer;
begin
  perform private.end_attempt(l.tenant_id, l.id, format('No answer within %s ms.', l.timeout_ms), true)
  from (
    select c.tenant_id, c.id, c.timeout_ms
    from public.component_communications as c
    where c.status = 'pending' and c.expires_at < clock_timestamp()
    order by c.expires_at
    limit time_out_communications.at_most
    for update skip locked
  ) as l;
  get diagnostics v_ended = row_count;
  return v_ended;
end
$$;
comment on function ops.time_out_communications(integer) is
  'Ends the attempts that have taken too long, the oldest first, at most so many; returns how many. '
  'For the schedule time-out-communications.';
revoke all on function ops.time_out_communications(integer) from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'time-out-communications',
  'Calls between components that have had no answer in time.',
  '* * * * *',
  'sql',
  'select ops.time_out_communications()'
);
