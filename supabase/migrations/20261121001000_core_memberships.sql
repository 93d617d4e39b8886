-- Memberships: which user holds which role in which tenant, and in which of its branches. (C3, C6, C10, S1, S5, S6)
-- Read through the API, changed by functions only (core_members): the rules look at the caller's rank and the target's.
-- Triggers keep private.reach in the transaction of the change, so that a revoked membership is gone at the next statement.

create table public.memberships (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  role text not null
    constraint role_is_known check (role in ('customer', 'viewer', 'member', 'manager', 'admin', 'owner')),
  status text not null default 'active' constraint status_is_known check (status in ('active', 'suspended')),
  is_confined boolean not null default false,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint memberships_pkey primary key (tenant_id, id),
  constraint memberships_tenant_id_user_id_key unique (tenant_id, user_id),
  constraint memberships_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint memberships_user_id_fkey foreign key (user_id) references public.users (id) on delete cascade,
  constraint owner_is_not_confined check (role <> 'owner' or not is_confined)
);
comment on table public.memberships is 'A user''s role in a tenant. Changed by functions: change_member_role, remove_member and their kind.';
comment on column public.memberships.is_confined is
  'True: only the branches in membership_branches are in reach. A flag of its own, so that losing the last branch closes and never opens.';

create index memberships_user_id_idx on public.memberships (user_id);
create index memberships_page_idx on public.memberships (tenant_id, created_at desc, id desc);

-- No insert, update or delete through the API, not even for owners.
call private.enroll('public.memberships', read => 'viewer', customer => 'user_id', audit => true);


create table public.membership_branches (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  branch_id uuid not null,
  created_at timestamptz not null default now(),
  constraint membership_branches_pkey primary key (tenant_id, id),
  constraint membership_branches_tenant_id_user_id_branch_id_key unique (tenant_id, user_id, branch_id),
  constraint membership_branches_tenant_id_user_id_fkey foreign key (tenant_id, user_id)
    references public.memberships (tenant_id, user_id) on delete cascade,
  constraint membership_branches_tenant_id_branch_id_fkey foreign key (tenant_id, branch_id)
    references public.branches (tenant_id, id) on delete cascade
);
comment on table public.membership_branches is 'The branches that a confined membership reaches.';

create index membership_branches_tenant_id_branch_id_idx on public.membership_branches (tenant_id, branch_id);

-- No insert, update or delete through the API: public.set_member_branches does it.
call private.enroll('public.membership_branches', read => 'viewer', customer => 'user_id', audit => true);


create function private.sync_reach(tenant_id uuid, user_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- nobody holds a right on private.reach
  set search_path = ''
as $$
begin
  -- Shared locks: a suspension or deactivation that runs at this moment is waited for and then seen.
  perform from public.tenants as t where t.id = sync_reach.tenant_id for share;
  perform from public.users as u where u.id = sync_reach.user_id for share;
  delete from private.reach as r where r.user_id = sync_reach.user_id and r.tenant_id = sync_reach.tenant_id;
  insert into private.reach (user_id, tenant_id, role_rank, branch_ids)
  select
    m.user_id,
    m.tenant_id,
    private.role_rank(m.role),
    case when m.is_confined then array(
      select b.branch_id from public.membership_branches as b
      where b.tenant_id = m.tenant_id and b.user_id = m.user_id
      order by b.branch_id
    ) end
  from public.memberships as m
  join public.tenants as t on t.id = m.tenant_id and t.status = 'active'
  join public.users as u on u.id = m.user_id and u.is_active
  where m.tenant_id = sync_reach.tenant_id and m.user_id = sync_reach.user_id and m.status = 'active';
end
$$;
comment on function private.sync_reach(uuid, uuid) is 'Makes private.reach say what one membership now allows.';
revoke all on function private.sync_reach(uuid, uuid) from public, anon, authenticated, service_role;


create function private.require_an_owner(tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- counts owners whatever the caller may read
  set search_path = ''
as $$
declare
  v_status text;
begin
  -- The lock puts two owners who leave at the same moment one behind the other. No row: the tenant itself is being erased.
  select t.status into v_status from public.tenants as t where t.id = require_an_owner.tenant_id for no key update;
  if v_status = 'active' and not exists (
    select from public.memberships as m
    join public.users as u on u.id = m.user_id and u.is_active
    where m.tenant_id = require_an_owner.tenant_id and m.role = 'owner' and m.status = 'active'
  ) then
    raise exception using
      errcode = 'PT409',
      message = 'A tenant always keeps an active owner.',
      detail = format('tenant_id %s', require_an_owner.tenant_id),
      hint = 'Hand the ownership over first (transfer_ownership), or close the tenant.';
  end if;
end
$$;
comment on function private.require_an_owner(uuid) is
  'Raises PT409 if an active tenant is left without an active owner. Locks the tenant until the end of the transaction.';
revoke all on function private.require_an_owner(uuid) from public, anon, authenticated, service_role;


create function private.tg_memberships__sync()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    if old.role = 'owner' and old.status = 'active' then
      perform private.require_an_owner(old.tenant_id);
    end if;
    perform private.sync_reach(old.tenant_id, old.user_id);
  end if;
  if tg_op <> 'DELETE' then
    perform private.sync_reach(new.tenant_id, new.user_id);
  end if;
  return null;
end
$$;
comment on function private.tg_memberships__sync() is
  'After any change of a membership: keeps an owner in the tenant (PT409) and private.reach true.';
revoke all on function private.tg_memberships__sync() from public, anon, authenticated, service_role;

create trigger _300_sync
  after insert or update or delete on public.memberships
  for each row execute function private.tg_memberships__sync();


create function private.tg_membership_branches__sync()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    perform private.sync_reach(old.tenant_id, old.user_id);
  end if;
  if tg_op <> 'DELETE' then
    perform private.sync_reach(new.tenant_id, new.user_id);
  end if;
  return null;
end
$$;
comment on function private.tg_membership_branches__sync() is 'After any change of the branches of a membership: keeps private.reach true.';
revoke all on function private.tg_membership_branches__sync() from public, anon, authenticated, service_role;

create trigger _300_sync
  after insert or update or delete on public.membership_branches
  for each row execute function private.tg_membership_branches__sync();


create function private.tg_tenants__sync()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  if new.status = 'active' then
    perform private.require_an_owner(new.id);
  end if;
  perform private.sync_reach(m.tenant_id, m.user_id)
  from public.memberships as m
  where m.tenant_id = new.id
  order by m.user_id;
  return null;
end
$$;
comment on function private.tg_tenants__sync() is
  'After a change of a tenant''s status: its members'' reach ends or begins. A tenant cannot become active without an owner (PT409). (C11)';
revoke all on function private.tg_tenants__sync() from public, anon, authenticated, service_role;

create trigger _300_sync
  after update of status on public.tenants
  for each row when (old.status is distinct from new.status)
  execute function private.tg_tenants__sync();


create function private.tg_users__sync()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  if not new.is_active then
    perform private.require_an_owner(m.tenant_id)
    from public.memberships as m
    where m.user_id = new.id and m.role = 'owner' and m.status = 'active'
    order by m.tenant_id;
  end if;
  perform private.sync_reach(m.tenant_id, m.user_id)
  from public.memberships as m
  where m.user_id = new.id
  order by m.tenant_id;
  return null;
end
$$;
comment on function private.tg_users__sync() is
  'After activation or deactivation of a user: their reach begins or ends. The last active owner of a tenant cannot be deactivated (PT409). (C2)';
revoke all on function private.tg_users__sync() from public, anon, authenticated, service_role;

create trigger _300_sync
  after update of is_active on public.users
  for each row when (old.is_active is distinct from new.is_active)
  execute function private.tg_users__sync();


create function private.my_colleagues()
  returns uuid[]
  language plpgsql
  stable
  security definer -- a policy of users must not query a table with policies
  set search_path = ''
as $$
begin
  return array(
    select u.id from public.users as u where u.id = auth.uid() and u.is_active
    union
    select m.user_id
    from public.memberships as m
    where m.tenant_id = any (private.my_tenants('viewer'))
  );
end
$$;
comment on function private.my_colleagues() is
  'The users whose profile the caller sees: their own and, from role viewer on, those of everybody in their tenants. Empty for a deactivated caller.';
revoke all on function private.my_colleagues() from public, anon, authenticated, service_role;
grant execute on function private.my_colleagues() to authenticated;

create policy select_colleague on public.users
  for select to authenticated
  using (id = any ((select private.my_colleagues())::uuid[]));
create policy update_self on public.users
  for update to authenticated
  using (id = (select auth.uid()) and is_active)
  with check (id = (select auth.uid()) and is_active);

-- Insert and delete are not granted: a profile comes and goes with its account. is_active is changed by
-- public.set_user_active, the e-mail by the auth server.
grant select, update (full_name, avatar_url) on public.users to authenticated;
grant select, update (full_name, avatar_url, is_active) on public.users to service_role;
