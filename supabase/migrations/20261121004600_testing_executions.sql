-- What schedules ran: one row a due run, and its life cycle. (T5)
-- That a due run becomes one execution and no second one is a unique key, whoever dispatches.
-- Only functions write here: members cancel, the worker (service role) starts and finishes.

create table public.scheduled_test_executions (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  schedule_id uuid,
  flow_id uuid not null,
  flow_version integer not null,
  due_at timestamptz not null,
  status text not null default 'queued'
    constraint status_is_known check (status in ('queued', 'running', 'passed', 'failed', 'error', 'cancelled')),
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 65536),
  results jsonb not null default '{}'
    constraint results_is_an_object_of_at_most_1_mb
    check (jsonb_typeof(results) = 'object' and octet_length(results::text) <= 1048576),
  error text constraint error_has_at_most_10000_characters check (char_length(error) <= 10000),
  job_id uuid,
  requested_by uuid,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint has_started_when_it_tells
    check ((status not in ('running', 'passed', 'failed') or started_at is not null)
      and (status <> 'queued' or started_at is null)),
  constraint is_finished_unless_queued_or_running
    check ((status in ('queued', 'running')) = (finished_at is null)),
  constraint scheduled_test_executions_tenant_id_schedule_id_due_at_key unique (tenant_id, schedule_id, due_at),
  constraint scheduled_test_executions_tenant_id_schedule_id_fkey foreign key (tenant_id, schedule_id)
    references public.test_schedules (tenant_id, id) on delete set null (schedule_id),
  constraint scheduled_test_executions_flow_version_fkey foreign key (tenant_id, flow_id, flow_version)
    references public.visual_test_flow_versions (tenant_id, flow_id, version) on delete cascade
);
comment on table public.scheduled_test_executions is
  'Runs of test schedules, due or by hand. Written by functions only.';
comment on column public.scheduled_test_executions.schedule_id is
  'Null: the schedule is gone. What it ran stays, and what was queued still runs.';
comment on column public.scheduled_test_executions.flow_version is
  'The flow as it was when the run was dispatched.';
comment on column public.scheduled_test_executions.due_at is
  'The time of the schedule that it stands for; for a run by hand, when that was asked for.';
comment on column public.scheduled_test_executions.status is
  'queued, running, then passed, failed (the test says no), error (it could not be made) or cancelled.';
comment on column public.scheduled_test_executions.settings is 'Those of the schedule when it was dispatched.';
comment on column public.scheduled_test_executions.job_id is
  'The job that runs it. No foreign key: a job moves when it is over, and is deleted earlier.';
comment on column public.scheduled_test_executions.requested_by is
  'Who ran it by hand; stays when the account goes. Null: the dispatcher or the service role.';

create index scheduled_test_executions_page_idx
  on public.scheduled_test_executions (tenant_id, created_at desc, id desc);
create index scheduled_test_executions_flow_version_idx
  on public.scheduled_test_executions (tenant_id, flow_id, flow_version);
-- Those that are not over, which are few: each minute somebody asks whether their jobs are.
create index scheduled_test_executions_open_idx on public.scheduled_test_executions (tenant_id, job_id)
  where status in ('queued', 'running');
alter table public.scheduled_test_executions add constraint scheduled_test_executions_pkey primary key (tenant_id, id);

call private.enroll('public.scheduled_test_executions', read => 'viewer');
revoke insert, update, delete on public.scheduled_test_executions from service_role;


create trigger _300_follow_life_cycle
  before update of status on public.scheduled_test_executions
  for each row execute function private.tg__follow_life_cycle(
    'An execution', 'queued: running, error, cancelled',
    -- Running again: the worker that had it was lost, and its job came to another one.
    'running: running, passed, failed, error, cancelled'
  );


create function private.tg_scheduled_test_executions__stamp()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if new.status = 'running' then
    new.started_at := now();
  else
    new.finished_at := now();
  end if;
  return new;
end
$$;
comment on function private.tg_scheduled_test_executions__stamp() is
  'Before the status of an execution is written: stamps started_at and finished_at. (T5)';
revoke all on function private.tg_scheduled_test_executions__stamp() from public, anon, authenticated, service_role;

create trigger _310_stamp
  before update of status on public.scheduled_test_executions
  for each row execute function private.tg_scheduled_test_executions__stamp();


create function private.require_test_execution(tenant_id uuid, id uuid)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  perform from public.scheduled_test_executions as e
  where e.tenant_id = require_test_execution.tenant_id and e.id = require_test_execution.id
  for no key update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such execution.',
      detail = format('id %s', coalesce(require_test_execution.id::text, 'null'));
  end if;
end
$$;
comment on function private.require_test_execution(uuid, uuid) is
  'Locks an execution until the end of the transaction. Asks nobody: for functions that have asked. '
  'Raises PT404 for an unknown one.';
revoke all on function private.require_test_execution(uuid, uuid) from public, anon, authenticated, service_role;


create function public.start_test_execution(tenant_id uuid, id uuid)
  returns table (flow_id uuid, flow_version integer, flow jsonb, settings jsonb)
  language plpgsql
  volatile
  security definer -- executions are written by functions only
  set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.require_test_execution(start_test_execution.tenant_id, start_test_execution.id);
  update public.scheduled_test_executions as e
  set status = 'running'
  where e.tenant_id = start_test_execution.tenant_id and e.id = start_test_execution.id;
  return query
  select e.flow_id, e.flow_version, v.snapshot, e.settings
  from public.scheduled_test_executions as e
  join public.visual_test_flow_versions as v
    on v.tenant_id = e.tenant_id and v.flow_id = e.flow_id and v.version = e.flow_version
  where e.tenant_id = start_test_execution.tenant_id and e.id = start_test_execution.id;
end
$$;
comment on function public.start_test_execution(uuid, uuid) is
  'For the worker: marks an execution as running and returns what to run, the flow as it was frozen. '
  'Again for one that is running: its worker was lost. Raises PT404 for an unknown one, PT409 for '
  'one that is over.';
revoke all on function public.start_test_execution(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.start_test_execution(uuid, uuid) to service_role;


create function public.finish_test_execution(
  tenant_id uuid,
  id uuid,
  status text,
  results jsonb default '{}',
  error text default null
)
  returns void
  language plpgsql
  volatile
  security definer -- executions are written by functions only
  set search_path = ''
as $$
begin
  if finish_test_execution.status is null
    or finish_test_execution.status not in ('passed', 'failed', 'error', 'cancelled')
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'status must be passed, failed, error or cancelled.',
      detail = format('status %s', coalesce(finish_test_execution.status, 'null'));
  end if;
  perform private.require_test_execution(finish_test_execution.tenant_id, finish_test_execution.id);
  update public.scheduled_test_executions as e
  set
    status = finish_test_execution.status,
    results = coalesce(finish_test_execution.results, '{}'),
    error = left(finish_test_execution.error, 10000)
  where e.tenant_id = finish_test_execution.tenant_id and e.id = finish_test_execution.id;
end
$$;
comment on function public.finish_test_execution(uuid, uuid, text, jsonb, text) is
  'For the worker: ends an execution with its results; of a longer error the first 10,000 letters '
  'are kept. Raises PT404 for an unknown one, PT409 for a step that its life cycle does not have, '
  '22023 for another status, 23514 for results that are no object or larger than 1 MB.';
revoke all on function public.finish_test_execution(uuid, uuid, text, jsonb, text)
  from public, anon, authenticated, service_role;
grant execute on function public.finish_test_execution(uuid, uuid, text, jsonb, text) to service_role;


create function public.cancel_test_execution(tenant_id uuid, id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- executions are written by functions only
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(cancel_test_execution.tenant_id, 'member');
  end if;
  perform private.require_test_execution(cancel_test_execution.tenant_id, cancel_test_execution.id);
  update public.scheduled_test_executions as e
  set status = 'cancelled'
  where e.tenant_id = cancel_test_execution.tenant_id and e.id = cancel_test_execution.id;
end
$$;
comment on function public.cancel_test_execution(uuid, uuid) is
  'Cancels an execution that is queued or running; its worker learns of it when it starts or '
  'finishes it (PT409). For members and the service role. Raises PT404 for an unknown tenant or '
  'execution, 42501 below member, PT409 for one that is over.';
revoke all on function public.cancel_test_execution(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_test_execution(uuid, uuid) to authenticated, service_role;
