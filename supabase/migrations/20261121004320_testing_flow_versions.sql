-- Versions of visual test flows: what ran, as it was when it ran. (T3)
-- A version is made when a flow is run, and only if the flow differs from its latest version. It
-- never changes; what refers to (tenant_id, flow_id, version) can be read years later as it was.

create table public.visual_test_flow_versions (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  flow_id uuid not null,
  version integer not null constraint version_is_at_least_1 check (version >= 1),
  snapshot jsonb not null
    constraint snapshot_is_an_object_of_at_most_4_mb
    check (jsonb_typeof(snapshot) = 'object' and octet_length(snapshot::text) <= 4194304),
  content_hash text not null
    constraint content_hash_is_64_hexadecimal_digits check (content_hash ~ '^[0-9a-f]{64}$'),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  constraint visual_test_flow_versions_tenant_id_flow_id_version_key unique (tenant_id, flow_id, version),
  constraint visual_test_flow_versions_tenant_id_flow_id_fkey foreign key (tenant_id, flow_id)
    references public.visual_test_flows (tenant_id, id) on delete cascade
);
comment on table public.visual_test_flow_versions is
  'A flow with its steps as it was when it ran. Made by freeze_visual_test_flow, and never changed.';
comment on column public.visual_test_flow_versions.version is '1 for the first of the flow.';
comment on column public.visual_test_flow_versions.snapshot is
  'The flow (name, description, tags, base_url, settings) and its steps in order, without ids.';
comment on column public.visual_test_flow_versions.content_hash is
  'SHA-256 of the snapshot''s text: equal for equal flows.';
comment on column public.visual_test_flow_versions.created_by is
  'Who ran it first. Null: the service role.';

create index visual_test_flow_versions_page_idx
  on public.visual_test_flow_versions (tenant_id, created_at desc, id desc);
alter table public.visual_test_flow_versions
  add constraint visual_test_flow_versions_pkey primary key (tenant_id, id);

call private.enroll('public.visual_test_flow_versions', read => 'viewer');
-- The function alone writes them: the service role could otherwise make a version of nothing that
-- ever was, or take away one that ran.
revoke insert, update, delete on public.visual_test_flow_versions from service_role;


create function private.tg_visual_test_flow_versions__refuse_change()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT409',
    message = 'A version of a flow never changes.',
    detail = format('flow_id %s, version %s', old.flow_id, old.version),
    hint = 'Change the flow; its next run makes the next version.';
end
$$;
comment on function private.tg_visual_test_flow_versions__refuse_change() is
  'Before update: raises PT409 for everybody, operators too.';
revoke all on function private.tg_visual_test_flow_versions__refuse_change()
  from public, anon, authenticated, service_role;

create trigger _110_refuse_change
  before update on public.visual_test_flow_versions
  for each row execute function private.tg_visual_test_flow_versions__refuse_change();


create function private.tg_visual_test_flows__keep_versions()
  returns trigger
  language plpgsql
  volatile
  security definer -- looks at all versions and tenants, whatever the caller may read
  set search_path = ''
as $$
begin
  -- No tenant: it is itself being erased, with all that it has.
  if exists (
    select from public.visual_test_flow_versions as v
    where v.tenant_id = old.tenant_id and v.flow_id = old.id
  ) and exists (select from public.tenants as t where t.id = old.tenant_id)
  then
    raise exception using
      errcode = 'PT409',
      message = 'The flow has run: its versions are kept.',
      detail = format('flow_id %s', old.id),
      hint = 'Archive it (is_archived).';
  end if;
  return old;
end
$$;
comment on function private.tg_visual_test_flows__keep_versions() is
  'Before delete of a flow: raises PT409 when it has versions, for operators too, unless its tenant '
  'is being erased.';
revoke all on function private.tg_visual_test_flows__keep_versions() from public, anon, authenticated, service_role;

create trigger _150_keep_versions
  before delete on public.visual_test_flows
  for each row execute function private.tg_visual_test_flows__keep_versions();


create function private.freeze_visual_test_flow(tenant_id uuid, flow_id uuid)
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_snapshot jsonb;
  v_hash text;
  v_latest record;
begin
  -- Of two runs at the same moment the second one waits, and finds the version of the first.
  perform private.lock_test_flow(freeze_visual_test_flow.tenant_id, freeze_visual_test_flow.flow_id);
  select jsonb_build_object(
    'name', f.name, 'description', f.description, 'tags', f.tags, 'base_url', f.base_url, 'settings', f.settings,
    'steps', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'position', s.position, 'action', s.action, 'target', s.target, 'value', s.value,
            'expectation', s.expectation, 'settings', s.settings, 'timeout_ms', s.timeout_ms,
            'description', s.description
          )
          order by s.position
        ),
        '[]'
      )
      from public.visual_test_steps as s
      where s.tenant_id = f.tenant_id and s.flow_id = f.id
    )
  )
  into v_snapshot
  from public.visual_test_flows as f
  where f.tenant_id = freeze_visual_test_flow.tenant_id and f.id = freeze_visual_test_flow.flow_id;
  v_hash := encode(sha256(convert_to(v_snapshot::text, 'UTF8')), 'hex');

  select v.version, v.content_hash into v_latest
  from public.visual_test_flow_versions as v
  where v.tenant_id = freeze_visual_test_flow.tenant_id and v.flow_id = freeze_visual_test_flow.flow_id
  order by v.version desc
  limit 1;
  if v_latest.content_hash = v_hash then
    return v_latest.version;
  end if;
  insert into public.visual_test_flow_versions (tenant_id, flow_id, version, snapshot, content_hash)
  values (
    freeze_visual_test_flow.tenant_id, freeze_visual_test_flow.flow_id, coalesce(v_latest.version, 0) + 1,
    v_snapshot, v_hash
  );
  return coalesce(v_latest.version, 0) + 1;
end
$$;
comment on function private.freeze_visual_test_flow(uuid, uuid) is
  'The version of a flow as it is now: its latest one, or the next one when it has changed since. '
  'Asks nobody: for functions that have asked. Raises PT404 for an unknown flow, PT409 for an '
  'archived one, 23514 for one beyond 4 MB. (T3)';
revoke all on function private.freeze_visual_test_flow(uuid, uuid) from public, anon, authenticated, service_role;


create function public.freeze_visual_test_flow(tenant_id uuid, flow_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer -- the versions are written by this function only
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(freeze_visual_test_flow.tenant_id, 'member');
  end if;
  return private.freeze_visual_test_flow(freeze_visual_test_flow.tenant_id, freeze_visual_test_flow.flow_id);
end
$$;
comment on function public.freeze_visual_test_flow(uuid, uuid) is
  'Freezes a flow with its steps for a run, and returns its version: the latest one, or the next '
  'one when the flow has changed since. For members and the service role. Raises PT404 for an '
  'unknown tenant or flow, 42501 below member, PT409 for an archived flow, 23514 for one beyond '
  '4 MB.';
revoke all on function public.freeze_visual_test_flow(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.freeze_visual_test_flow(uuid, uuid) to authenticated, service_role;
