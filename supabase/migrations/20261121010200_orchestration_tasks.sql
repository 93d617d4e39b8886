-- Tasks of a workflow, nested as deep as the work is. (O2)
-- A row can be long (imports carry notes of 100 kB), so its checks measure bytes: char_length would
-- read a text back from its storage at every change of the status.

create table public.tasks (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  workflow_id uuid not null,
  parent_id uuid,
  title text not null constraint title_has_1_to_500_characters check (title ~ '\S' and char_length(title) <= 500),
  description text constraint description_has_at_most_1_mb check (octet_length(description) <= 1048576),
  details text constraint details_has_at_most_4_mb check (octet_length(details) <= 4194304),
  test_strategy text constraint test_strategy_has_at_most_1_mb check (octet_length(test_strategy) <= 1048576),
  status text not null default 'pending'
    constraint status_is_known
    check (status in ('pending', 'in_progress', 'review', 'blocked', 'deferred', 'done', 'cancelled')),
  priority text not null default 'medium'
    constraint priority_is_known check (priority in ('critical', 'high', 'medium', 'low')),
  priority_rank integer not null generated always as (
    case priority when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end
  ) stored,
  position integer not null default 0 constraint position_is_not_negative check (position >= 0),
  -- NaN is above every number.
  effort_estimate double precision
    constraint effort_estimate_is_between_0_and_a_million check (effort_estimate between 0 and 1000000),
  effort_actual double precision
    constraint effort_actual_is_between_0_and_a_million check (effort_actual between 0 and 1000000),
  requirements text[] not null default '{}'
    constraint requirements_is_a_list_of_at_most_500_texts_and_256_kb
    check (
      coalesce(array_ndims(requirements), 1) = 1
      and cardinality(requirements) <= 500
      and array_position(requirements, null) is null
      and octet_length(array_to_string(requirements, '')) <= 262144
    ),
  acceptance_criteria text[] not null default '{}'
    constraint acceptance_criteria_is_a_list_of_at_most_500_texts_and_256_kb
    check (
      coalesce(array_ndims(acceptance_criteria), 1) = 1
      and cardinality(acceptance_criteria) <= 500
      and array_position(acceptance_criteria, null) is null
      and octet_length(array_to_string(acceptance_criteria, '')) <= 262144
    ),
  tags text[] not null default '{}'
    constraint tags_is_a_list_of_at_most_100_texts_and_10_kb
    check (
      coalesce(array_ndims(tags), 1) = 1
      and cardinality(tags) <= 100
      and array_position(tags, null) is null
      and octet_length(array_to_string(tags, '')) <= 10240
    ),
  assignee_id uuid,
  -- As large as details: an import keeps in it what the columns do not take.
  metadata jsonb not null default '{}'
    constraint metadata_is_an_object_of_at_most_4_mb
    check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 4194304),
  source text constraint source_has_1_to_100_characters check (char_length(source) between 1 and 100),
  source_key text constraint source_key_has_1_to_500_characters check (char_length(source_key) between 1 and 500),
  constraint source_key_has_a_source check (source is not null or source_key is null),
  source_hash text constraint source_hash_has_1_to_200_characters check (char_length(source_hash) between 1 and 200),
  due_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint is_not_its_own_parent check (parent_id <> id),
  -- A subtask points at this one, so that it cannot be in another workflow than its parent.
  constraint tasks_tenant_id_workflow_id_id_key unique (tenant_id, workflow_id, id),
  constraint tasks_tenant_id_workflow_id_fkey foreign key (tenant_id, workflow_id)
    references public.workflows (tenant_id, id) on delete cascade,
  constraint tasks_tenant_id_workflow_id_parent_id_fkey foreign key (tenant_id, workflow_id, parent_id)
    references public.tasks (tenant_id, workflow_id, id) on delete cascade,
  -- A colleague, and not just any user: who is asked about a stranger's id learns nothing.
  constraint tasks_tenant_id_assignee_id_fkey foreign key (tenant_id, assignee_id)
    references public.memberships (tenant_id, user_id) on delete set null (assignee_id)
)
-- No index holds the status: with room on its page, its change writes none.
with (fillfactor = 90);
comment on table public.tasks is
  'Tasks of workflows, with subtasks. All members of the tenant work on them together.';
comment on column public.tasks.workflow_id is 'Never changes.';
comment on column public.tasks.parent_id is 'A task of the same workflow. It goes with its parent.';
comment on column public.tasks.status is
  'Follows the steps that trigger _140_follow_life_cycle names. done and cancelled are over: nobody waits for them.';
comment on column public.tasks.priority_rank is 'The priority to sort by: 1 is critical, 4 is low.';
comment on column public.tasks.position is 'The place among its siblings; the id decides between equals.';
comment on column public.tasks.effort_estimate is 'In hours.';
comment on column public.tasks.effort_actual is 'In hours.';
comment on column public.tasks.assignee_id is 'A member of the tenant. Null: nobody, or a former member.';
comment on column public.tasks.metadata is 'What a product or an import knows besides.';
comment on column public.tasks.source is 'The kind of file or system it was imported from.';
comment on column public.tasks.source_key is
  'What it is called there, such as 3.2. One task of a workflow at most has it.';
comment on column public.tasks.source_hash is
  'A hash of what was imported: an import that finds the same again has nothing to do.';
comment on column public.tasks.started_at is 'When it was first in progress.';
comment on column public.tasks.finished_at is 'When it became done or cancelled. Null while it is neither.';

create index tasks_page_idx on public.tasks (tenant_id, created_at desc, id desc);
-- The tasks on top in their order, and subtasks in theirs. Of one index over both the planner would
-- not know that "parent_id is null" leaves the order of the position.
create index tasks_top_idx on public.tasks (tenant_id, workflow_id, position, id) where parent_id is null;
create index tasks_children_idx on public.tasks (tenant_id, workflow_id, parent_id, position, id)
  where parent_id is not null;
create index tasks_tenant_id_assignee_id_idx on public.tasks (tenant_id, assignee_id) where assignee_id is not null;
create unique index tasks_tenant_id_workflow_id_source_key_key on public.tasks (tenant_id, workflow_id, source_key)
  where source_key is not null;
alter table public.tasks add constraint tasks_pkey primary key (tenant_id, id);

call private.enroll(
  'public.tasks', read => 'viewer', write => 'member', remove => 'manager',
  insertable => '{tenant_id, workflow_id, parent_id, title, description, details, test_strategy, status, priority,
    position, effort_estimate, effort_actual, requirements, acceptance_criteria, tags, assignee_id, metadata, source,
    source_key, source_hash, due_at, started_at, finished_at}',
  changeable => '{parent_id, title, description, details, test_strategy, status, priority, position, effort_estimate,
    effort_actual, requirements, acceptance_criteria, tags, assignee_id, metadata, source_hash, due_at}'
);


create function private.tg_tasks__stay_in_workflow()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'check_violation',
    message = 'A task never changes its workflow.',
    detail = format('task_id %s', old.id),
    hint = 'Insert the task in the other workflow and delete this one.';
end
$$;
comment on function private.tg_tasks__stay_in_workflow() is
  'Before update of tasks, when the workflow differs: raises 23514. The second lock behind the column '
  'grants, for roles that hold more than those.';
revoke all on function private.tg_tasks__stay_in_workflow() from public, anon, authenticated, service_role;

create trigger _110_stay_in_workflow
  before update of workflow_id on public.tasks
  for each row
  when (old.workflow_id is distinct from new.workflow_id)
  execute function private.tg_tasks__stay_in_workflow();
