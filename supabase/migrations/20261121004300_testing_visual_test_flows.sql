-- Visual test flows and their ordered steps. (T3)
-- The positions of a flow's steps are 1, 2, 3 and so on at the end of every transaction, whoever
-- writes. Users change the order through functions only (testing_visual_test_steps); for whoever
-- writes rows directly a deferred trigger asks at commit, with the flow locked. It looks at the
-- neighbours of what was changed and not at the whole flow: a batch of a thousand steps costs a
-- thousand short look-ups.

create table public.visual_test_flows (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  project_id uuid,
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  description text constraint description_has_at_most_10000_characters check (char_length(description) <= 10000),
  tags text[] not null default '{}'
    constraint tags_are_at_most_20 check (cardinality(tags) <= 20)
    constraint tags_are_not_empty check (array_position(tags, null) is null and array_position(tags, '') is null)
    constraint tags_have_at_most_1000_characters check (char_length(array_to_string(tags, '')) <= 1000),
  base_url text
    constraint base_url_is_a_web_address check (base_url ~ '^https?://' and char_length(base_url) <= 2000),
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 65536),
  is_archived boolean not null default false,
  tsv tsvector not null generated always as (
    setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', coalesce(description, '')), 'B')
  ) stored,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Flows of no project may share a name: flows outlive their project, and two that were called
  -- the same in two projects must not keep these from being deleted.
  constraint visual_test_flows_tenant_id_project_id_name_key unique (tenant_id, project_id, name),
  constraint visual_test_flows_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint visual_test_flows_tenant_id_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete set null (project_id)
);
comment on table public.visual_test_flows is
  'Flows of a visual test: what a browser does and what it must see, step by step. All members of '
  'the tenant write them.';
comment on column public.visual_test_flows.project_id is
  'Null: a flow of the whole tenant, or of a project that is gone.';
comment on column public.visual_test_flows.name is 'Unique within the project.';
comment on column public.visual_test_flows.base_url is
  'What the addresses of the steps are relative to.';
comment on column public.visual_test_flows.settings is
  'How to run it, such as {"viewport": {"width": 1280, "height": 720}}.';
comment on column public.visual_test_flows.is_archived is
  'The soft delete: out of the lists, kept, and closed: its steps do not change and it does not run.';

comment on column public.visual_test_flows.tsv is
  'The words of name and description. For search_visual_test_flows(): a filter on it would read '
  'all rows of the tenant.';

create index visual_test_flows_page_idx on public.visual_test_flows (tenant_id, created_at desc, id desc);
-- Without a list of entries still to be sorted in: every search would read it, and the planner, counting
-- its pages, would rather read all rows of the tenant.
create index visual_test_flows_search_idx on public.visual_test_flows
  using gin (tenant_id extensions.uuid_ops, tsv, tags) with (fastupdate = off);
alter table public.visual_test_flows add constraint visual_test_flows_pkey primary key (tenant_id, id);

call private.enroll(
  'public.visual_test_flows', read => 'viewer', write => 'member', remove => 'manager', audit => true,
  insertable => '{tenant_id, project_id, name, description, tags, base_url, settings}',
  changeable => '{project_id, name, description, tags, base_url, settings, is_archived}'
);


create table public.visual_test_steps (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  flow_id uuid not null,
  position integer not null constraint position_is_between_1_and_1000 check (position between 1 and 1000),
  action text not null
    constraint action_is_known
    check (
      action in (
        'navigate', 'click', 'fill', 'select', 'press', 'hover', 'wait_for', 'assert_text', 'assert_visible',
        'assert_url', 'screenshot', 'compare_screenshot'
      )
    ),
  target text constraint target_has_1_to_2000_characters check (char_length(target) between 1 and 2000),
  value text constraint value_has_at_most_10000_characters check (char_length(value) <= 10000),
  expectation jsonb not null default '{}'
    constraint expectation_is_an_object_of_at_most_16_kb
    check (jsonb_typeof(expectation) = 'object' and octet_length(expectation::text) <= 16384),
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_16_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 16384),
  timeout_ms integer constraint timeout_is_between_1_ms_and_10_minutes check (timeout_ms between 1 and 600000),
  description text constraint description_has_at_most_2000_characters check (char_length(description) <= 2000),
  tsv tsvector not null generated always as (
    setweight(to_tsvector('english', coalesce(description, '')), 'A')
    || setweight(to_tsvector('english', coalesce(value, '')), 'B')
    || setweight(to_tsvector('english', coalesce(target, '')), 'C')
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint target_is_there_for_an_action_on_an_element
    check (target is not null or action in ('navigate', 'press', 'assert_url', 'screenshot', 'compare_screenshot')),
  constraint value_is_there_for_an_action_with_one
    check (value is not null or action not in ('navigate', 'fill', 'select', 'press', 'assert_text', 'assert_url')),
  -- Deferrable, so that one statement can move steps over each other.
  constraint visual_test_steps_tenant_id_flow_id_position_key unique (tenant_id, flow_id, position) deferrable,
  constraint visual_test_steps_tenant_id_flow_id_fkey foreign key (tenant_id, flow_id)
    references public.visual_test_flows (tenant_id, id) on delete cascade
);
comment on table public.visual_test_steps is
  'The steps of a flow, in order. Members change what a step does; which steps there are, and where, '
  'is changed by insert_visual_test_step, move_visual_test_step, remove_visual_test_step and '
  'replace_visual_test_steps.';
comment on column public.visual_test_steps.position is
  '1 for the first step of the flow, and no number left out.';
comment on column public.visual_test_steps.target is 'Selector of the element, such as #login.';
comment on column public.visual_test_steps.value is
  'What the action takes: an address, a text, a key, an option. Never a password: all members read it.';
comment on column public.visual_test_steps.expectation is
  'What must be seen, such as {"max_difference": 0.01}.';
comment on column public.visual_test_steps.timeout_ms is 'Null: as long as the runner waits.';

comment on column public.visual_test_steps.tsv is
  'The words of description, value and target. For search_visual_test_steps().';

create index visual_test_steps_page_idx on public.visual_test_steps (tenant_id, created_at desc, id desc);
create index visual_test_steps_search_idx on public.visual_test_steps
  using gin (tenant_id extensions.uuid_ops, tsv, expectation jsonb_path_ops) with (fastupdate = off);
alter table public.visual_test_steps add constraint visual_test_steps_pkey primary key (tenant_id, id);

-- No insert, delete or change of a position through the API: the functions do that.
call private.enroll(
  'public.visual_test_steps', read => 'viewer', write => 'member', insertable => '{}',
  changeable => '{action, target, value, expectation, settings, timeout_ms, description}'
);


create function private.tg_visual_test_steps__refuse_archived()
  returns trigger
  language plpgsql
  volatile
  security definer -- looks at the flow, whatever the caller may read
  set search_path = ''
as $$
begin
  if exists (
    select from public.visual_test_flows as f
    where f.tenant_id in (old.tenant_id, new.tenant_id) and f.id in (old.flow_id, new.flow_id) and f.is_archived
  ) then
    raise exception using
      errcode = 'PT409',
      message = 'The flow is archived.',
      detail = format('flow_id %s', coalesce(new.flow_id, old.flow_id)),
      hint = 'Set its is_archived to false first.';
  end if;
  return coalesce(new, old);
end
$$;
comment on function private.tg_visual_test_steps__refuse_archived() is
  'Before insert, update or delete of a step: raises PT409 when its flow is archived. Not when the '
  'flow itself is being deleted.';
revoke all on function private.tg_visual_test_steps__refuse_archived()
  from public, anon, authenticated, service_role;

create trigger _150_refuse_archived
  before insert or update or delete on public.visual_test_steps
  for each row execute function private.tg_visual_test_steps__refuse_archived();


create function private.tg_visual_test_steps__keep_order()
  returns trigger
  language plpgsql
  volatile
  security definer -- locks the flow and looks at all its steps, whatever the caller may
  set search_path = ''
as $$
declare
  v_tenant constant uuid := coalesce(new.tenant_id, old.tenant_id);
  v_position integer;
begin
  -- With an older snapshot the lock below waits for the other change, whose rows stay unseen.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using
      errcode = 'active_sql_transaction',
      message = 'The order of steps changes in transactions that are read committed only.',
      hint = 'Begin the transaction without naming an isolation level.';
  end if;
  perform from public.visual_test_flows as f
  where f.tenant_id = v_tenant and f.id in (old.flow_id, new.flow_id)
  order by f.id
  for no key update;
  -- A gap can only be where a step has come to, or right behind where one was.
  select s.position into v_position
  from (values (new.flow_id, new.position), (old.flow_id, old.position + 1)) as changed (flow_id, position)
  join public.visual_test_steps as s
    on s.tenant_id = v_tenant and s.flow_id = changed.flow_id and s.position = changed.position
  where s.position > 1
    and not exists (
      select from public.visual_test_steps as b
      where b.tenant_id = s.tenant_id and b.flow_id = s.flow_id and b.position = s.position - 1
    )
  limit 1;
  if found then
    raise exception using
      errcode = 'check_violation',
      message = 'The positions of a flow''s steps must be 1, 2, 3 and so on.',
      detail = format('There is a step at %s and none at %s.', v_position, v_position - 1),
      hint = 'Use insert_visual_test_step, move_visual_test_step and remove_visual_test_step.';
  end if;
  return null;
end
$$;
comment on function private.tg_visual_test_steps__keep_order() is
  'At the end of a transaction that has changed which steps a flow has, or where: raises 23514 when '
  'a position is left out, 25001 unless the transaction is read committed. (T3)';
revoke all on function private.tg_visual_test_steps__keep_order() from public, anon, authenticated, service_role;

create constraint trigger _300_keep_order
  after insert or delete or update of flow_id, position on public.visual_test_steps
  deferrable initially deferred
  for each row execute function private.tg_visual_test_steps__keep_order();
