-- Conversations of the assistant. (A1, A5, A6)

create table public.conversations (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  user_id uuid default auth.uid(),
  project_id uuid,
  title text not null default ''
    constraint title_has_at_most_500_characters check (char_length(title) <= 500),
  metadata jsonb not null default '{}'
    constraint metadata_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 65536),
  is_archived boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint conversations_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint conversations_user_id_fkey foreign key (user_id) references public.users (id) on delete set null,
  constraint conversations_tenant_id_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete set null (project_id)
);
comment on table public.conversations is
  'Conversations with the assistant. All members of the tenant read them.';
comment on column public.conversations.user_id is
  'Who began it, and alone may change it. Null once the account is gone.';
comment on column public.conversations.is_archived is
  'The soft delete: out of the lists, kept, and closed for new messages.';
comment on column public.conversations.updated_at is 'Also moves when a message arrives.';

create index conversations_page_idx on public.conversations (tenant_id, created_at desc, id desc);
-- The list as people see it: what is not archived, latest activity first.
create index conversations_recent_idx on public.conversations (tenant_id, updated_at desc, id desc)
  where not is_archived;
create index conversations_user_id_idx on public.conversations (user_id);
create index conversations_tenant_id_project_id_idx on public.conversations (tenant_id, project_id)
  where project_id is not null;
alter table public.conversations add constraint conversations_pkey primary key (tenant_id, id);

call private.enroll(
  'public.conversations', read => 'viewer', write => 'member', remove => 'manager', owner => 'user_id',
  insertable => '{tenant_id, user_id, project_id, title, metadata}',
  changeable => '{project_id, title, metadata, is_archived}'
);


create function public.archive_old_conversations(older_than interval default '6 months')
  returns integer
  language plpgsql
  volatile
  security definer -- archives conversations of all members, not only the caller's own
  set search_path = ''
as $$
declare
  v_everywhere constant boolean := private.is_trusted_session();
  v_tenants uuid[];
  v_archived integer;
begin
  if archive_old_conversations.older_than is null or archive_old_conversations.older_than < interval '1 day' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'older_than must be at least one day.',
      detail = format('older_than %s', coalesce(archive_old_conversations.older_than::text, 'null'));
  end if;
  if not v_everywhere then
    perform private.require_user();
    -- Whoever is confined to branches decides nothing for the whole tenant.
    v_tenants := array(
      select unnest(private.my_tenants('admin'))
      intersect
      select unnest(r.unconfined) from private.my_reach as r
    );
    if v_tenants = '{}' then
      raise exception using
        errcode = 'insufficient_privilege',
        message = 'This needs the role admin or a higher one in a tenant.';
    end if;
  end if;
  -- A conversation in use at this moment is not old: it is skipped, not waited for.
  with old as (
    select c.tenant_id, c.id
    from public.conversations as c
    where not c.is_archived
      and c.updated_at < now() - archive_old_conversations.older_than
      and (v_everywhere or c.tenant_id = any (v_tenants))
    for update skip locked
  )
  update public.conversations as c
  set is_archived = true
  from old
  where c.tenant_id = old.tenant_id and c.id = old.id;
  get diagnostics v_archived = row_count;
  return v_archived;
end
$$;
comment on function public.archive_old_conversations(interval) is
  'Archives conversations without activity for that long and returns how many: for admins and '
  'owners in their tenants, for the service role and scheduled work in all. '
  'Raises 22023 below one day, 42501 for anybody else.';
revoke all on function public.archive_old_conversations(interval)
  from public, anon, authenticated, service_role;
grant execute on function public.archive_old_conversations(interval) to authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target, timeout_seconds)
values (
  'archive-conversations',
  'Archives conversations without activity for six months.',
  '15 3 * * *',
  'sql',
  'select public.archive_old_conversations()',
  600
);
