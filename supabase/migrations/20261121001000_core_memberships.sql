-- Memberships: which user holds which role in which tenant, and in which of its branches. (C3, C6,
-- S1, S5, S6) Read through the API, changed by functions only (core_members): the rules look at the
-- caller's rank and the target's.

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
  constraint memberships_tenant_id_user_id_key unique (tenant_id, user_id),
  constraint memberships_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint memberships_user_id_fkey foreign key (user_id) references public.users (id) on delete cascade,
  constraint owner_is_not_confined check (role <> 'owner' or not is_confined)
);
comment on table public.memberships is
  'A user''s role in a tenant. Changed by functions: change_member_role, remove_member and their '
  'kind.';
comment on column public.memberships.is_confined is
  'True: only the branches in membership_branches are in reach. A flag of its own, so that losing '
  'the last branch closes and never opens.';

create index memberships_user_id_idx on public.memberships (user_id);
create index memberships_page_idx on public.memberships (tenant_id, created_at desc, id desc);
alter table public.memberships add constraint memberships_pkey primary key (tenant_id, id);

-- No insert, update or delete through the API, not even for owners.
call private.enroll('public.memberships', read => 'viewer', customer => 'user_id', audit => true);


create table public.membership_branches (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  branch_id uuid not null,
  created_at timestamptz not null default now(),
  constraint membership_branches_tenant_id_user_id_branch_id_key unique (tenant_id, user_id, branch_id),
  constraint membership_branches_tenant_id_user_id_fkey foreign key (tenant_id, user_id)
    references public.memberships (tenant_id, user_id) on delete cascade,
  constraint membership_branches_tenant_id_branch_id_fkey foreign key (tenant_id, branch_id)
    references public.branches (tenant_id, id) on delete cascade
);
comment on table public.membership_branches is 'The branches that a confined membership reaches.';

create index membership_branches_tenant_id_branch_id_idx on public.membership_branches (tenant_id, branch_id);
alter table public.membership_branches add constraint membership_branches_pkey primary key (tenant_id, id);

-- No insert, update or delete through the API: public.set_member_branches does it.
call private.enroll(
  'public.membership_branches', read => 'viewer', branch => 'branch_id', customer => 'user_id', audit => true
);


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
  -- Under a stricter isolation level the lock waits, but the other change stays unseen.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using
      errcode = 'active_sql_transaction',
      message = 'Members, tenants and users change in transactions of isolation level read committed only.',
      hint = 'Begin the transaction without naming an isolation level.';
  end if;
  -- The lock puts two owners who leave at the same moment one behind the other. No row: the tenant
  -- itself is being erased.
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
  'Raises PT409 if an active tenant is left without an active owner. Locks the tenant until the '
  'end of the transaction.';
revoke all on function private.require_an_owner(uuid)
  from public, anon, authenticated, service_role;


create function private.tg_memberships__keep_an_owner()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.require_an_owner(old.tenant_id);
  return null;
end
$$;
comment on function private.tg_memberships__keep_an_owner() is
  'After an active owner''s membership changed or ended: raises PT409 if the tenant has no other '
  'active owner. (C6)';
revoke all on function private.tg_memberships__keep_an_owner()
  from public, anon, authenticated, service_role;

create trigger _300_keep_an_owner
  after update or delete on public.memberships
  for each row when (old.role = 'owner' and old.status = 'active')
  execute function private.tg_memberships__keep_an_owner();


create function private.tg_tenants__keep_an_owner()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.require_an_owner(new.id);
  return null;
end
$$;
comment on function private.tg_tenants__keep_an_owner() is
  'After a tenant was made or became active again: raises PT409 unless it has an active owner. (C6)';
revoke all on function private.tg_tenants__keep_an_owner()
  from public, anon, authenticated, service_role;

create trigger _300_keep_an_owner
  after update of status on public.tenants
  for each row when (new.status = 'active' and old.status <> 'active')
  execute function private.tg_tenants__keep_an_owner();
-- A new tenant gets its owner in the same transaction, whoever makes it: asked at the end of that.
create constraint trigger _310_get_an_owner
  after insert on public.tenants
  deferrable initially deferred
  for each row execute function private.tg_tenants__keep_an_owner();


create function private.tg_users__keep_an_owner()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.require_an_owner(m.tenant_id)
  from public.memberships as m
  where m.user_id = new.id and m.role = 'owner' and m.status = 'active'
  order by m.tenant_id;
  return null;
end
$$;
comment on function private.tg_users__keep_an_owner() is
  'After deactivation of a user: raises PT409 if an active tenant loses its last active owner with '
  'them. (C2, C6)';
revoke all on function private.tg_users__keep_an_owner()
  from public, anon, authenticated, service_role;

create trigger _300_keep_an_owner
  after update of is_active on public.users
  for each row when (old.is_active and not new.is_active)
  execute function private.tg_users__keep_an_owner();


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
    -- A platform administrator also finds the people who belong to no tenant.
    select u.id from public.users as u
    where exists (select from private.reach as r where r.user_id = auth.uid() and r.is_platform_admin)
    union
    select m.user_id
    from public.memberships as m
    where m.tenant_id = any (private.my_tenants('viewer'))
  );
end
$$;
comment on function private.my_colleagues() is
  'The users whose profile the caller sees: their own and, from role viewer on, those of everybody '
  'in their tenants; everybody''s for a platform administrator. Empty for a deactivated caller.';
revoke all on function private.my_colleagues() from public, anon, authenticated, service_role;
grant execute on function private.my_colleagues() to authenticated;

create policy select_colleague on public.users
  for select to authenticated
  using (id = any ((select private.my_colleagues())::uuid[]));
create policy update_self on public.users
  for update to authenticated
  using (id = (select auth.uid()) and is_active)
  with check (id = (select auth.uid()) and is_active);

-- Insert and delete are not granted: a profile comes and goes with its account. is_active is
-- changed by public.set_user_active, the e-mail by the auth server.
grant select, update (full_name, avatar_url) on public.users to authenticated;
grant select, update (full_name, avatar_url, is_active) on public.users to service_role;
