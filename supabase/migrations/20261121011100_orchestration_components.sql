-- The registry of what takes part in a tenant's work: services, agents, integrations. (O4, S9)
-- Their credentials are encrypted in a table of their own, which no role of the API reaches. Dropping
-- it loses them.

create table public.components (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  type text not null
    constraint type_is_known
    check (type in ('service', 'agent', 'worker', 'tool', 'model', 'integration', 'database', 'other')),
  version text constraint version_has_1_to_100_characters check (char_length(version) between 1 and 100),
  description text constraint description_has_at_most_10000_characters check (char_length(description) <= 10000),
  capabilities text[] not null default '{}'
    constraint capabilities_are_at_most_100 check (cardinality(capabilities) <= 100)
    constraint capabilities_are_words
    check (array_position(capabilities, '') is null and array_position(capabilities, null) is null)
    constraint capabilities_have_at_most_5000_characters
    check (char_length(array_to_string(capabilities, ' ')) <= 5000),
  endpoint text
    constraint endpoint_is_an_address check (endpoint ~ '^[a-z][a-z0-9+.-]*://[^[:space:]]+$')
    constraint endpoint_has_at_most_2000_characters check (char_length(endpoint) <= 2000)
    -- It would lie beside the encrypted ones for everybody to read.
    constraint endpoint_holds_no_password check (endpoint !~ '://[^/?#]*@'),
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 65536),
  is_enabled boolean not null default true,
  heartbeat_seconds integer not null default 60
    constraint heartbeat_is_between_1_second_and_1_day check (heartbeat_seconds between 1 and 86400),
  health_status text not null default 'unknown'
    constraint health_status_is_known
    check (health_status in ('unknown', 'healthy', 'degraded', 'unhealthy', 'silent')),
  health_details jsonb not null default '{}'
    constraint health_details_are_an_object_of_at_most_16_kb
    check (jsonb_typeof(health_details) = 'object' and octet_length(health_details::text) <= 16384),
  health_changed_at timestamptz,
  last_heartbeat_at timestamptz,
  credentials_set_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint components_tenant_id_name_key unique (tenant_id, name),
  constraint components_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint has_a_heartbeat_once_its_health_is_known check ((health_status = 'unknown') = (last_heartbeat_at is null))
)
-- Every heartbeat is a new version of the row; none changes what is indexed.
with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
comment on table public.components is
  'What takes part in a tenant''s work: its version, what it can do, where it is, how it is.';
comment on column public.components.capabilities is 'What it can do, as words that its callers know.';
comment on column public.components.endpoint is 'Where it is called. Never with a password.';
comment on column public.components.heartbeat_seconds is
  'How often it says how it is. After three times as long without a word it counts as silent.';
comment on column public.components.health_status is
  'What its last heartbeat said. unknown: there was none yet. silent: none for too long.';
comment on column public.components.health_changed_at is 'When the status last became another one.';
comment on column public.components.credentials_set_at is
  'When its credentials were last set. Null: it has none. They can be read by the service role alone.';

create index components_page_idx on public.components (tenant_id, created_at desc, id desc);
create index components_type_idx on public.components (tenant_id, type);
alter table public.components add constraint components_pkey primary key (tenant_id, id);

call private.enroll(
  'public.components', read => 'viewer', write => 'manager', remove => 'admin',
  insertable =>
    '{tenant_id, name, type, version, description, capabilities, endpoint, settings, is_enabled, heartbeat_seconds}',
  changeable => '{name, type, version, description, capabilities, endpoint, settings, is_enabled, heartbeat_seconds}'
);

create function private.tg__keep_stamp()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  new.updated_at := old.updated_at;
  return new;
end
$$;
comment on function private.tg__keep_stamp() is
  'Before update, after tg__touch, when only something was counted: updated_at stays the time at which '
  'somebody changed the row.';
revoke all on function private.tg__keep_stamp() from public, anon, authenticated, service_role;

create trigger _210_keep_stamp
  before update on public.components
  for each row
  when (old.last_heartbeat_at is distinct from new.last_heartbeat_at or old.health_status <> new.health_status)
  execute function private.tg__keep_stamp();

-- Not by enrolling: a heartbeat every few seconds is no change that anybody has to answer for.
create trigger _900_audit_registry
  after insert or delete or update of
    name, type, version, description, capabilities, endpoint, settings, is_enabled, heartbeat_seconds,
    credentials_set_at
  on public.components
  for each row execute function private.tg__audit('tenant_id', 'tenant_id', 'id');


create function private.require_component(tenant_id uuid, component_id uuid)
  returns void
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if not exists (
    select from public.components as c
    where c.tenant_id = require_component.tenant_id and c.id = require_component.component_id
  ) then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such component.',
      detail = format(
        'tenant_id %s, component_id %s', coalesce(require_component.tenant_id::text, 'null'),
        coalesce(require_component.component_id::text, 'null')
      ),
      hint = 'Use the id of a component of this tenant.';
  end if;
end
$$;
comment on function private.require_component(uuid, uuid) is
  'Raises PT404 unless the tenant has this component. For functions that have asked who calls.';
revoke all on function private.require_component(uuid, uuid) from public, anon, authenticated, service_role;


create function public.record_heartbeat(
  tenant_id uuid,
  component_id uuid,
  status text default 'healthy',
  details jsonb default '{}',
  version text default null
)
  returns void
  language plpgsql
  volatile
  security definer -- the health is granted to nobody
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(record_heartbeat.tenant_id, 'member');
  end if;
  perform private.require_component(record_heartbeat.tenant_id, record_heartbeat.component_id);
  if record_heartbeat.status is null or record_heartbeat.status not in ('healthy', 'degraded', 'unhealthy') then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'status must be healthy, degraded or unhealthy.',
      detail = format('status %s', coalesce(quote_literal(record_heartbeat.status), 'null'));
  end if;
  update public.components as c
  set
    health_status = record_heartbeat.status,
    health_details = coalesce(record_heartbeat.details, '{}'),
    health_changed_at = case
      when c.health_status = record_heartbeat.status then c.health_changed_at else clock_timestamp() end,
    last_heartbeat_at = clock_timestamp()
  where c.tenant_id = record_heartbeat.tenant_id and c.id = record_heartbeat.component_id;
  -- Apart: naming the column is what the audit log looks at.
  update public.components as c
  set version = record_heartbeat.version
  where c.tenant_id = record_heartbeat.tenant_id
    and c.id = record_heartbeat.component_id
    and c.version is distinct from record_heartbeat.version
    and record_heartbeat.version is not null;
end
$$;
comment on function public.record_heartbeat(uuid, uuid, text, jsonb, text) is
  'A component says how it is: healthy, degraded or unhealthy, with details, and its version if '
  'that has changed. Raises PT404 for a tenant or component out of reach, 42501 below member, 22023 '
  'for another status.';
revoke all on function public.record_heartbeat(uuid, uuid, text, jsonb, text)
  from public, anon, authenticated, service_role;
grant execute on function public.record_heartbeat(uuid, uuid, text, jsonb, text) to authenticated, service_role;


create function ops.mark_silent_components()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_marked integer;
begin
  -- Whoever is writing a row right now is not silent, and is not waited for.
  update public.components as c
  set health_status = 'silent', health_changed_at = clock_timestamp()
  where (c.tenant_id, c.id) in (
    select s.tenant_id, s.id
    from public.components as s
    where s.is_enabled
      and s.health_status in ('healthy', 'degraded', 'unhealthy')
      and s.last_heartbeat_at < clock_timestamp() - make_interval(secs => 3 * s.heartbeat_seconds)
    for update skip locked
  );
  get diagnostics v_marked = row_count;
  return v_marked;
end
$$;
comment on function ops.mark_silent_components() is
  'Marks the enabled components that have said nothing for three times their heartbeat, and returns '
  'how many. For the schedule mark-silent-components.';
revoke all on function ops.mark_silent_components() from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'mark-silent-components',
  'Components that have not said for too long how they are.',
  '* * * * *',
  'sql',
  'select ops.mark_silent_components()'
);


create table private.component_credentials (
  tenant_id uuid not null,
  component_id uuid not null,
  key_id integer not null,
  sealed bytea not null,
  constraint component_credentials_tenant_id_component_id_fkey foreign key (tenant_id, component_id)
    references public.components (tenant_id, id) on delete cascade
);
comment on table private.component_credentials is
  'What components need to log in elsewhere, encrypted. Written by set_component_credentials, read by '
  'get_component_credentials.';
comment on column private.component_credentials.key_id is
  'Which key of Vault closed it: rowhouse_encryption_key_<key_id>.';
comment on column private.component_credentials.sealed is 'By private.seal, bound to the tenant and the component.';

create index component_credentials_key_id_idx on private.component_credentials (key_id);
alter table private.component_credentials
  add constraint component_credentials_pkey primary key (tenant_id, component_id);

alter table private.component_credentials enable row level security;
revoke all on private.component_credentials from public, anon, authenticated, service_role;


create function public.set_component_credentials(tenant_id uuid, component_id uuid, credentials jsonb)
  returns void
  language plpgsql
  volatile
  security definer -- nobody reaches the credentials
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_key constant integer := private.newest_encryption_key();
begin
  if not private.is_trusted_session() then
    perform private.require_role(set_component_credentials.tenant_id, 'admin');
  end if;
  perform private.require_component(set_component_credentials.tenant_id, set_component_credentials.component_id);
  if set_component_credentials.credentials is null then
    delete from private.component_credentials as k
    where k.tenant_id = set_component_credentials.tenant_id and k.component_id = set_component_credentials.component_id;
  else
    -- Their values are in no message: an error ends in logs.
    if jsonb_typeof(set_component_credentials.credentials) <> 'object'
      or set_component_credentials.credentials = '{}'
      or octet_length(set_component_credentials.credentials::text) > 16384
    then
      raise exception using
        errcode = 'invalid_parameter_value',
        message = 'credentials must be an object of at most 16 KB with at least one value.',
        hint = 'Send null to take them away.';
    end if;
    insert into private.component_credentials (tenant_id, component_id, key_id, sealed)
    values (
      set_component_credentials.tenant_id,
      set_component_credentials.component_id,
      v_key,
      private.seal(
        set_component_credentials.credentials::text,
        v_key,
        format('%s %s', set_component_credentials.tenant_id, set_component_credentials.component_id)
      )
    )
    on conflict (tenant_id, component_id) do update set key_id = excluded.key_id, sealed = excluded.sealed;
  end if;
  update public.components as c
  set credentials_set_at = case when set_component_credentials.credentials is not null then clock_timestamp() end
  where c.tenant_id = set_component_credentials.tenant_id and c.id = set_component_credentials.component_id;
end
$$;
comment on function public.set_component_credentials(uuid, uuid, jsonb) is
  'Keeps a component''s credentials, encrypted, in place of those it had; null takes them away. The '
  'audit log shows who did it and when, never what. Nobody but the service role reads them again. '
  'Raises PT404 for a tenant or component out of reach, 42501 below admin, 22023 unless it is an '
  'object of at most 16 KB, 0A000 without a key in Vault.';
revoke all on function public.set_component_credentials(uuid, uuid, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.set_component_credentials(uuid, uuid, jsonb) to authenticated, service_role;


create function public.get_component_credentials(tenant_id uuid, component_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer -- nobody reaches the credentials
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Credentials are read by the service role alone.';
  end if;
  perform private.require_component(get_component_credentials.tenant_id, get_component_credentials.component_id);
  return (
    select private.unseal(k.sealed, k.key_id, format('%s %s', k.tenant_id, k.component_id))::jsonb
    from private.component_credentials as k
    where k.tenant_id = get_component_credentials.tenant_id and k.component_id = get_component_credentials.component_id
  );
end
$$;
comment on function public.get_component_credentials(uuid, uuid) is
  'A component''s credentials in plain text; null when it has none. For the service role alone: '
  'raises 42501 for everybody else, PT404 for an unknown component, XX001 when they have been changed '
  'past set_component_credentials, 0A000 without their key in Vault.';
revoke all on function public.get_component_credentials(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_component_credentials(uuid, uuid) to service_role;


create function ops.reencrypt_credentials(at_most integer default 1000)
  returns integer
  language plpgsql
  volatile
  security definer -- nobody reaches the credentials
  set search_path = ''
as $$
declare
  v_key constant integer := private.newest_encryption_key();
  v_done integer;
begin
  perform private.require_operator();
  if reencrypt_credentials.at_most is null or reencrypt_credentials.at_most not between 1 and 10000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format(
        'at_most must be between 1 and 10000, not %s.', coalesce(reencrypt_credentials.at_most::text, 'null')
      );
  end if;
  -- A row that somebody sets right now gets the newest key anyway.
  with old as (
    select k.tenant_id, k.component_id
    from private.component_credentials as k
    where k.key_id < v_key
    limit reencrypt_credentials.at_most
    for update skip locked
  )
  update private.component_credentials as k
  set
    key_id = v_key,
    sealed = private.seal(
      private.unseal(k.sealed, k.key_id, format('%s %s', k.tenant_id, k.component_id)),
      v_key,
      format('%s %s', k.tenant_id, k.component_id)
    )
  from old as o
  where k.tenant_id = o.tenant_id and k.component_id = o.component_id;
  get diagnostics v_done = row_count;
  return v_done;
end
$$;
comment on function ops.reencrypt_credentials(integer) is
  'Encrypts credentials that an older key closed with the newest one, at most so many, and returns '
  'how many. At 0 none needs an older key any more: it can be deleted from Vault once no backup '
  'needs it. Raises 42501 unless the service role or a platform administrator asks, 22023 unless '
  'at_most is between 1 and 10000, 0A000 without a key in Vault.';
revoke all on function ops.reencrypt_credentials(integer) from public, anon, authenticated, service_role;
grant execute on function ops.reencrypt_credentials(integer) to authenticated, service_role;
