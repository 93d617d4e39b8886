-- Browsers that tests ran in, and what they left behind. (T2, T9)
-- Not audited: the row itself says who opened the browser and when, and retention takes it.

create table public.browser_sessions (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_by uuid default auth.uid(),
  project_id uuid,
  name text not null default '' constraint name_has_at_most_500_characters check (char_length(name) <= 500),
  browser text not null
    constraint browser_is_known check (browser in ('chromium', 'chrome', 'edge', 'firefox', 'webkit', 'safari')),
  browser_version text
    constraint browser_version_looks_like_one check (browser_version ~ '^[0-9]{1,10}([.-][0-9A-Za-z]{1,20}){0,9}$'),
  viewport_width integer not null default 1280
    constraint viewport_width_is_between_50_and_16384 check (viewport_width between 50 and 16384),
  viewport_height integer not null default 720
    constraint viewport_height_is_between_50_and_16384 check (viewport_height between 50 and 16384),
  device_scale real not null default 1
    constraint device_scale_is_between_a_quarter_and_10 check (device_scale between 0.25 and 10),
  status text not null default 'starting'
    constraint status_is_known check (status in ('starting', 'running', 'completed', 'failed', 'cancelled')),
  started_at timestamptz,
  ended_at timestamptz,
  duration_ms bigint generated always as ((extract(epoch from ended_at - started_at) * 1000)::bigint) stored,
  artefacts jsonb not null default '[]'
    constraint artefacts_is_an_array_of_at_most_200_in_64_kb
    check (
      case when jsonb_typeof(artefacts) = 'array' then jsonb_array_length(artefacts) <= 200 else false end
      and octet_length(artefacts::text) <= 65536
    )
    constraint artefacts_each_have_a_kind_and_a_path_or_url
    check (
      -- Strict, or arrays within would be looked into; there a missing key is unknown.
      jsonb_array_length(jsonb_path_query_array(
        artefacts,
        'strict $[*] ? (@.kind like_regex "^[a-z][a-z0-9_]{0,49}$"
          && ((@.path like_regex "^[^/]" && (exists(@.url)) is unknown)
            || (@.url like_regex "^https?://." && (exists(@.path)) is unknown)))',
        silent => true
      )) = case when jsonb_typeof(artefacts) = 'array' then jsonb_array_length(artefacts) else 0 end
    ),
  -- What people filter by. A condition on the jsonb could use no index under row level security.
  artefact_count integer not null generated always as (
    case when jsonb_typeof(artefacts) = 'array' then jsonb_array_length(artefacts) else 0 end
  ) stored,
  has_screenshot boolean not null generated always as (artefacts @> '[{"kind": "screenshot"}]') stored,
  has_trace boolean not null generated always as (artefacts @> '[{"kind": "trace"}]') stored,
  has_video boolean not null generated always as (artefacts @> '[{"kind": "video"}]') stored,
  error text constraint error_has_1_to_10000_characters check (char_length(error) between 1 and 10000),
  tsv tsvector not null generated always as (
    setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('english', coalesce(error, '')), 'B')
    || setweight(jsonb_to_tsvector('english', artefacts, '["string"]'), 'C')
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint has_started_once_it_runs
    check (case status when 'starting' then started_at is null when 'running' then started_at is not null
      when 'completed' then started_at is not null else true end),
  constraint has_ended_when_it_is_over
    check ((ended_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
  constraint ends_after_it_starts check (ended_at >= started_at),
  constraint has_an_error_when_it_failed check ((error is not null) = (status = 'failed')),
  constraint browser_sessions_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint browser_sessions_created_by_fkey foreign key (created_by) references public.users (id) on delete set null,
  constraint browser_sessions_tenant_id_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete set null (project_id)
);
comment on table public.browser_sessions is
  'Browsers that tests ran in, and what they left behind. All members of the tenant read it.';
comment on column public.browser_sessions.created_by is
  'Who opened it, and alone may report on it. Null once the account is gone.';
comment on column public.browser_sessions.name is 'What the session was for, such as the title of a test.';
comment on column public.browser_sessions.viewport_width is 'In CSS pixels, as viewport_height.';
comment on column public.browser_sessions.device_scale is 'Device pixels for each CSS pixel.';
comment on column public.browser_sessions.status is
  'starting, running, then one of completed, failed and cancelled, which are final.';
comment on column public.browser_sessions.started_at is
  'Filled when it begins to run, unless the writer says when that was.';
comment on column public.browser_sessions.ended_at is
  'Filled when it is over, unless the writer says when that was.';
comment on column public.browser_sessions.duration_ms is
  'Milliseconds from start to end; null for what never ran.';
comment on column public.browser_sessions.artefacts is
  'What the session left behind, such as [{"kind": "screenshot", "path": "runs/7/home.png"}]: each '
  'with a kind and either a path in the storage or a url, and whatever else is known of it.';
comment on column public.browser_sessions.tsv is
  'The words of name, error and artefacts. For search_browser_sessions(): a filter on it would '
  'read all rows of the tenant.';

create index browser_sessions_page_idx on public.browser_sessions (tenant_id, created_at desc, id desc);
create index browser_sessions_status_idx on public.browser_sessions (tenant_id, status, created_at desc, id desc);
create index browser_sessions_browser_idx on public.browser_sessions (tenant_id, browser, created_at desc, id desc);
create index browser_sessions_created_by_idx on public.browser_sessions (created_by);
create index browser_sessions_tenant_id_project_id_idx on public.browser_sessions (tenant_id, project_id)
  where project_id is not null;
-- Without a list of entries still to be sorted in: every search would read it, and the planner, counting
-- its pages, would rather read all rows of the tenant.
create index browser_sessions_search_idx on public.browser_sessions
  using gin (tenant_id extensions.uuid_ops, tsv, artefacts jsonb_path_ops) with (fastupdate = off);
alter table public.browser_sessions add constraint browser_sessions_pkey primary key (tenant_id, id);

call private.enroll(
  'public.browser_sessions', read => 'viewer', write => 'member', remove => 'manager', owner => 'created_by',
  insertable => '{tenant_id, created_by, project_id, name, browser, browser_version, viewport_width, viewport_height,
    device_scale, status, started_at, ended_at, artefacts, error}',
  changeable => '{project_id, name, browser_version, status, started_at, ended_at, artefacts, error}'
);

create trigger _300_follow_life_cycle
  before update on public.browser_sessions
  for each row when (old.status is distinct from new.status)
  execute function private.tg__follow_life_cycle(
    'A session', 'starting: running, failed, cancelled', 'running: completed, failed, cancelled'
  );


create function private.tg_browser_sessions__stamp()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if new.status = 'running' then
    new.started_at := coalesce(new.started_at, now());
  elsif new.status in ('completed', 'failed', 'cancelled') then
    new.ended_at := coalesce(new.ended_at, now());
  end if;
  return new;
end
$$;
comment on function private.tg_browser_sessions__stamp() is
  'Before insert and update: fills started_at of what runs and ended_at of what is over.';
revoke all on function private.tg_browser_sessions__stamp() from public, anon, authenticated, service_role;

create trigger _310_stamp
  before insert or update on public.browser_sessions
  for each row execute function private.tg_browser_sessions__stamp();
