-- Workflows: a piece of work cut into tasks, and how far it is. (O1)
-- The counters of its tasks are kept by orchestration_task_status, so that progress is read without
-- counting.

create table public.workflows (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  project_id uuid,
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  description text constraint description_has_at_most_100_kb check (octet_length(description) <= 102400),
  status text not null default 'planned'
    constraint status_is_known
    check (status in ('planned', 'active', 'paused', 'completed', 'failed', 'cancelled')),
  phases jsonb not null default '[]'
    constraint phases_is_an_array_of_at_most_64_kb
    check (jsonb_typeof(phases) = 'array' and octet_length(phases::text) <= 65536),
  -- Strict, because otherwise a phase in a list of its own would pass for one.
  constraint each_phase_is_an_object
    check (not jsonb_path_exists(phases, 'strict $[*] ? (@.type() != "object")', silent => true)),
  constraint each_phase_has_a_name_of_1_to_200_characters check (
    not jsonb_path_exists(
      phases, '$[*] ? (!exists(@.name ? (@.type() == "string" && @ like_regex "^.{1,200}$")))'
    )
  ),
  current_phase text,
  constraint current_phase_is_one_of_the_phases check (
    current_phase is null
    or jsonb_path_exists(phases, '$[*] ? (@.name == $name)', jsonb_build_object('name', current_phase))
  ),
  metrics jsonb not null default '{}'
    constraint metrics_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(metrics) = 'object' and octet_length(metrics::text) <= 65536),
  metadata jsonb not null default '{}'
    constraint metadata_is_an_object_of_at_most_4_mb
    check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 4194304),
  tasks_total integer not null default 0,
  tasks_done integer not null default 0,
  tasks_cancelled integer not null default 0,
  constraint no_more_tasks_are_over_than_there_are
    check (tasks_done >= 0 and tasks_cancelled >= 0 and tasks_done + tasks_cancelled <= tasks_total),
  -- What is cancelled is not waited for. Rounded down: 100 is only what has nothing left to do.
  progress integer generated always as (
    coalesce(tasks_done * 100 / nullif(tasks_total - tasks_cancelled, 0), 0)
  ) stored,
  source text constraint source_has_1_to_100_characters check (char_length(source) between 1 and 100),
  source_key text constraint source_key_has_1_to_500_characters check (char_length(source_key) between 1 and 500),
  constraint source_key_has_a_source check (source is not null or source_key is null),
  source_hash text constraint source_hash_has_1_to_200_characters check (char_length(source_hash) between 1 and 200),
  started_at timestamptz,
  finished_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint workflows_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint workflows_tenant_id_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete set null (project_id)
)
-- The counters change with every task: room for the new version of a row on its own page.
with (fillfactor = 80);
comment on table public.workflows is
  'Pieces of work, each cut into tasks. All members of the tenant work on them.';
comment on column public.workflows.project_id is 'Null: of no project, or the project is gone.';
comment on column public.workflows.status is
  'Follows the steps that trigger _140_follow_life_cycle names. completed and cancelled are over: they take no '
  'further task.';
comment on column public.workflows.phases is
  'The phases in their order: [{"name": "build", ...}, ...]. What else a phase says is the product''s.';
comment on column public.workflows.current_phase is 'The name of the phase it is in.';
comment on column public.workflows.metrics is 'Figures of the product, such as {"builds": 12}.';
comment on column public.workflows.metadata is 'What a product or an import knows besides.';
comment on column public.workflows.tasks_total is
  'How many tasks it has, subtasks too. Written by the triggers of tasks only, as are the other two.';
comment on column public.workflows.progress is
  'Percent of its tasks that are done; cancelled ones do not count.';
comment on column public.workflows.source is 'The kind of file or system it was imported from.';
comment on column public.workflows.source_key is
  'What it is called there: an import finds what it made before.';
comment on column public.workflows.source_hash is
  'A hash of what was imported about the workflow itself: an import that finds the same again has nothing to do.';
comment on column public.workflows.started_at is 'When it became active for the first time.';
comment on column public.workflows.finished_at is
  'When it became completed, failed or cancelled. Null while it goes on.';
comment on column public.workflows.updated_at is 'Also moves when a task is added, done or cancelled.';

create index workflows_page_idx on public.workflows (tenant_id, created_at desc, id desc);
create unique index workflows_tenant_id_source_source_key_key on public.workflows (tenant_id, source, source_key)
  where source_key is not null;
create index workflows_tenant_id_project_id_idx on public.workflows (tenant_id, project_id)
  where project_id is not null;
alter table public.workflows add constraint workflows_pkey primary key (tenant_id, id);

call private.enroll(
  'public.workflows', read => 'viewer', write => 'member', remove => 'manager',
  insertable => '{tenant_id, project_id, name, description, status, phases, current_phase, metrics, metadata, source,
    source_key, source_hash, started_at, finished_at}',
  changeable => '{project_id, name, description, status, phases, current_phase, metrics, metadata, source_hash}'
);

-- Not "audit => true": every task that is done would write a line about the counters.
create trigger _910_audit
  after insert or delete or update of project_id, name, description, status, phases, current_phase, source, source_key
  on public.workflows
  for each row execute function private.tg__audit('tenant_id', 'id');


create trigger _140_follow_life_cycle
  before update of status on public.workflows
  for each row
  when (old.status is distinct from new.status)
  execute function private.tg__follow_life_cycle(
    'A workflow', 'planned: active, cancelled', 'active: paused, completed, failed, cancelled',
    'paused: active, failed, cancelled', 'completed: active', 'failed: active, cancelled', 'cancelled: planned'
  );


create function private.tg_workflows__stamp()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    new.finished_at := null;
  end if;
  if new.status = 'active' then
    new.started_at := coalesce(new.started_at, now());
  end if;
  if new.status in ('completed', 'failed', 'cancelled') then
    new.finished_at := coalesce(new.finished_at, now());
  end if;
  return new;
end
$$;
comment on function private.tg_workflows__stamp() is
  'Before insert of a workflow and before its status changes: stamps when it began and ended.';
revoke all on function private.tg_workflows__stamp() from public, anon, authenticated, service_role;

create trigger _150_start
  before insert on public.workflows
  for each row execute function private.tg_workflows__stamp();
create trigger _150_stamp
  before update of status on public.workflows
  for each row
  when (old.status is distinct from new.status)
  execute function private.tg_workflows__stamp();


create function public.update_workflow_status(
  tenant_id uuid,
  workflow_id uuid,
  status text,
  current_phase text default null
)
  returns table (previous_status text, new_status text, progress integer)
  language plpgsql
  volatile
  security definer -- asks for the caller's rank, with a helper that nobody may execute
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(update_workflow_status.tenant_id, 'member');
  end if;
  select w.status into previous_status
  from public.workflows as w
  where w.tenant_id = update_workflow_status.tenant_id and w.id = update_workflow_status.workflow_id
  for no key update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such workflow.',
      detail = format('workflow_id %s', coalesce(update_workflow_status.workflow_id::text, 'null')),
      hint = 'Check the id.';
  end if;
  update public.workflows as w
  set
    status = update_workflow_status.status,
    current_phase = coalesce(update_workflow_status.current_phase, w.current_phase)
  where w.tenant_id = update_workflow_status.tenant_id and w.id = update_workflow_status.workflow_id
  returning w.status, w.progress into new_status, update_workflow_status.progress;
  return next;
end
$$;
comment on function public.update_workflow_status(uuid, uuid, text, text) is
  'Moves a workflow to another status and, when named, to another phase; the status it has already '
  'changes nothing. For members and the service role. '
  'Raises PT404 for an unknown tenant or workflow, 42501 below member, PT409 for a change that the '
  'state machine does not have (the hint says which it has), 23514 for a phase that is not its own.';
revoke all on function public.update_workflow_status(uuid, uuid, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.update_workflow_status(uuid, uuid, text, text) to authenticated, service_role;
