-- Keeps private.reach true, in the transaction of every change it follows from: a membership, its
-- branches, a tenant's status, a user's activation, the platform administrators. What is revoked is
-- gone at the next statement. (C2, C7, C10, C11)

create function private.sync_reach(user_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- nobody holds a right on private.reach
  set search_path = ''
as $$
begin
  -- Under a stricter isolation level the lock waits, but the other change stays unseen.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using
      errcode = 'active_sql_transaction',
      message = 'Members, tenants and users change in transactions of isolation level read committed only.',
      hint = 'Begin the transaction without naming an isolation level.';
  end if;
  -- The row is locked before anything is read: of two changes for one user the second one reads
  -- what the first one left.
  insert into private.reach (user_id)
  select u.id from public.users as u where u.id = sync_reach.user_id
  on conflict on constraint reach_pkey do nothing;
  perform from private.reach as r where r.user_id = sync_reach.user_id for update;
  update private.reach as r
  set
    is_platform_admin = u.is_active and exists (select from private.platform_admins as p where p.user_id = u.id),
    customer = f.customer,
    viewer = f.viewer,
    member = f.member,
    manager = f.manager,
    admin = f.admin,
    owner = f.owner,
    unconfined = f.unconfined,
    branches = case when u.is_active then array(
      select b.branch_id
      from public.membership_branches as b
      join public.memberships as m
        on m.tenant_id = b.tenant_id and m.user_id = b.user_id and m.is_confined and m.status = 'active'
      join public.tenants as t on t.id = b.tenant_id and t.status = 'active'
      where b.user_id = u.id
      order by b.branch_id
    ) else '{}' end
  from public.users as u
  cross join lateral (
    select
      coalesce(array_agg(t.id order by t.id), '{}') as customer,
      coalesce(array_agg(t.id order by t.id) filter (where private.role_rank(m.role) >= 2), '{}') as viewer,
      coalesce(array_agg(t.id order by t.id) filter (where private.role_rank(m.role) >= 3), '{}') as member,
      coalesce(array_agg(t.id order by t.id) filter (where private.role_rank(m.role) >= 4), '{}') as manager,
      coalesce(array_agg(t.id order by t.id) filter (where private.role_rank(m.role) >= 5), '{}') as admin,
      coalesce(array_agg(t.id order by t.id) filter (where private.role_rank(m.role) >= 6), '{}') as owner,
      coalesce(array_agg(t.id order by t.id) filter (where not m.is_confined), '{}') as unconfined
    from public.memberships as m
    join public.tenants as t on t.id = m.tenant_id and t.status = 'active'
    where m.user_id = u.id and m.status = 'active' and u.is_active
  ) as f
  where r.user_id = u.id and u.id = sync_reach.user_id;
end
$$;
comment on function private.sync_reach(uuid) is
  'Makes private.reach say what one user reaches now.';
revoke all on function private.sync_reach(uuid) from public, anon, authenticated, service_role;


create function private.tg_memberships__sync_reach()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  -- Also the trigger of membership_branches. The shared lock waits for a suspension of the tenant
  -- that runs at this moment: it could not see this membership yet, and would leave it in force.
  perform from public.tenants as t where t.id = new.tenant_id for share;
  -- new is null after a delete, old after an insert: nothing is done for null.
  perform private.sync_reach(u.id) from (select new.user_id union select old.user_id order by 1) as u (id);
  return null;
end
$$;
comment on function private.tg_memberships__sync_reach() is
  'After any change of a membership or of its branches: keeps private.reach true.';
revoke all on function private.tg_memberships__sync_reach()
  from public, anon, authenticated, service_role;

create trigger _400_sync_reach
  after insert or update or delete on public.memberships
  for each row execute function private.tg_memberships__sync_reach();
create trigger _400_sync_reach
  after insert or update or delete on public.membership_branches
  for each row execute function private.tg_memberships__sync_reach();


create function private.tg_tenants__sync_reach()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.sync_reach(m.user_id)
  from (select k.user_id from public.memberships as k where k.tenant_id = new.id order by k.user_id) as m;
  return null;
end
$$;
comment on function private.tg_tenants__sync_reach() is
  'After a change of a tenant''s status: its members'' reach ends or begins. (C11)';
revoke all on function private.tg_tenants__sync_reach()
  from public, anon, authenticated, service_role;

create trigger _400_sync_reach
  after update of status on public.tenants
  for each row when (old.status is distinct from new.status)
  execute function private.tg_tenants__sync_reach();


create function private.tg_users__sync_reach()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.sync_reach(new.id);
  return null;
end
$$;
comment on function private.tg_users__sync_reach() is
  'After activation or deactivation of a user: their reach begins or ends. (C2)';
revoke all on function private.tg_users__sync_reach()
  from public, anon, authenticated, service_role;

create trigger _400_sync_reach
  after update of is_active on public.users
  for each row when (old.is_active is distinct from new.is_active)
  execute function private.tg_users__sync_reach();


create function private.tg_platform_admins__sync_reach()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.sync_reach(u.id) from (select old.user_id union select new.user_id order by 1) as u (id);
  return null;
end
$$;
comment on function private.tg_platform_admins__sync_reach() is
  'After any change of the platform administrators: keeps private.reach true. (C7)';
revoke all on function private.tg_platform_admins__sync_reach()
  from public, anon, authenticated, service_role;

create trigger _400_sync_reach
  after insert or update or delete on private.platform_admins
  for each row execute function private.tg_platform_admins__sync_reach();


-- Users and memberships that were there before this migration.
do $$
begin
  perform private.sync_reach(u.id) from public.users as u;
end
$$;
