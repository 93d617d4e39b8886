-- What users have a model make: tests, data, explanations. (T1, T9)
-- Not audited: the row itself says who asked, when, and what came of it, and retention takes it.
-- The extension lets one index hold the tenant beside the words, so that a search reads no other
-- tenant's entries (testing_search).

create extension if not exists btree_gin with schema extensions;


create table public.ai_generations (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_by uuid default auth.uid(),
  project_id uuid,
  kind text not null default 'test'
    constraint kind_is_a_lower_case_word check (kind ~ '^[a-z][a-z0-9_]{0,49}$'),
  prompt text not null
    constraint prompt_has_1_to_100000_characters check (char_length(prompt) between 1 and 100000),
  model text not null constraint model_has_1_to_200_characters check (model ~ '\S' and char_length(model) <= 200),
  status text not null default 'queued'
    constraint status_is_known check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  started_at timestamptz,
  finished_at timestamptz,
  duration_ms bigint generated always as ((extract(epoch from finished_at - started_at) * 1000)::bigint) stored,
  result jsonb
    constraint result_is_an_object_of_at_most_128_kb
    check (jsonb_typeof(result) = 'object' and octet_length(result::text) <= 131072),
  prompt_tokens integer constraint prompt_tokens_is_not_negative check (prompt_tokens >= 0),
  completion_tokens integer constraint completion_tokens_is_not_negative check (completion_tokens >= 0),
  cost numeric(18, 6)
    constraint cost_is_between_0_and_a_thousand_million check (cost between 0 and 1000000000),
  error text constraint error_has_1_to_10000_characters check (char_length(error) between 1 and 10000),
  -- The longest of all three texts stay below what a tsvector may hold: 1 MB.
  tsv tsvector not null generated always as (
    setweight(to_tsvector('english', left(prompt, 20000)), 'A')
    || setweight(to_tsvector('english', coalesce(error, '')), 'B')
    || setweight(jsonb_to_tsvector('english', coalesce(result, '{}'), '["string"]'), 'C')
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint has_started_once_it_runs
    check (case status when 'queued' then started_at is null when 'running' then started_at is not null
      when 'succeeded' then started_at is not null else true end),
  constraint has_finished_when_it_is_over
    check ((finished_at is not null) = (status in ('succeeded', 'failed', 'cancelled'))),
  constraint finishes_after_it_starts check (finished_at >= started_at),
  constraint has_a_result_when_it_succeeded check ((result is not null) = (status = 'succeeded')),
  constraint has_an_error_when_it_failed check ((error is not null) = (status = 'failed')),
  constraint ai_generations_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint ai_generations_created_by_fkey foreign key (created_by) references public.users (id) on delete set null,
  constraint ai_generations_tenant_id_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete set null (project_id)
);
comment on table public.ai_generations is
  'What a model was asked to make, and what came of it. All members of the tenant read it.';
comment on column public.ai_generations.created_by is
  'Who asked, and alone may report on it. Null once the account is gone.';
comment on column public.ai_generations.kind is
  'What was asked for, in a word of the product: test, test_data, fix, explanation.';
comment on column public.ai_generations.status is
  'queued, running, then one of succeeded, failed and cancelled, which are final.';
comment on column public.ai_generations.started_at is
  'Filled when it begins to run, unless the writer says when that was.';
comment on column public.ai_generations.finished_at is
  'Filled when it is over, unless the writer says when that was.';
comment on column public.ai_generations.duration_ms is
  'Milliseconds from start to finish; null for what never ran.';
comment on column public.ai_generations.result is 'What the model made. There when it succeeded.';
comment on column public.ai_generations.cost is 'In the currency of the tenant''s contract.';
comment on column public.ai_generations.tsv is
  'The words of prompt (its first 20,000 characters), error and result. For '
  'search_ai_generations(): a filter on it would read all rows of the tenant.';

create index ai_generations_page_idx on public.ai_generations (tenant_id, created_at desc, id desc);
create index ai_generations_status_idx on public.ai_generations (tenant_id, status, created_at desc, id desc);
create index ai_generations_created_by_idx on public.ai_generations (created_by);
create index ai_generations_tenant_id_project_id_idx on public.ai_generations (tenant_id, project_id)
  where project_id is not null;
-- Without a list of entries still to be sorted in: every search would read it, and the planner, counting
-- its pages, would rather read all rows of the tenant.
create index ai_generations_search_idx on public.ai_generations
  using gin (tenant_id extensions.uuid_ops, tsv, result jsonb_path_ops) with (fastupdate = off);
alter table public.ai_generations add constraint ai_generations_pkey primary key (tenant_id, id);

call private.enroll(
  'public.ai_generations', read => 'viewer', write => 'member', remove => 'manager', owner => 'created_by',
  insertable => '{tenant_id, created_by, project_id, kind, prompt, model, status, started_at, finished_at, result,
    prompt_tokens, completion_tokens, cost, error}',
  changeable => '{project_id, status, started_at, finished_at, result, prompt_tokens, completion_tokens, cost, error}'
);


create trigger _300_follow_life_cycle
  before update on public.ai_generations
  for each row when (old.status is distinct from new.status)
  execute function private.tg__follow_life_cycle(
    'A generation', 'queued: running, failed, cancelled', 'running: succeeded, failed, cancelled'
  );


create function private.tg_ai_generations__stamp()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if new.status = 'running' then
    new.started_at := coalesce(new.started_at, now());
  elsif new.status in ('succeeded', 'failed', 'cancelled') then
    new.finished_at := coalesce(new.finished_at, now());
  end if;
  return new;
end
$$;
comment on function private.tg_ai_generations__stamp() is
  'Before insert and update: fills started_at of what runs and finished_at of what is over.';
revoke all on function private.tg_ai_generations__stamp() from public, anon, authenticated, service_role;

create trigger _310_stamp
  before insert or update on public.ai_generations
  for each row execute function private.tg_ai_generations__stamp();
