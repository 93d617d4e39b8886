-- Platform administrators: they reach every tenant as an owner would. (C7)
-- Nobody becomes one through the API: no role of the API holds a right on the table. An operator makes one by SQL:
--   insert into private.platform_admins (user_id) select id from public.users where email = '...';

create table private.platform_admins (
  user_id uuid not null,
  note text,
  created_at timestamptz not null default now(),
  constraint platform_admins_pkey primary key (user_id),
  constraint platform_admins_user_id_fkey foreign key (user_id) references public.users (id) on delete cascade
);
comment on table private.platform_admins is 'The users who reach every tenant, suspended and closed ones too. Written by operators, by SQL only.';
comment on column private.platform_admins.note is 'Why this person holds the right.';

alter table private.platform_admins enable row level security;
revoke all on private.platform_admins from public, anon, authenticated, service_role;


create function private.sync_platform_admin(user_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- nobody holds a right on private.reach
  set search_path = ''
as $$
begin
  -- Shared lock: a deactivation that runs at this moment is waited for and then seen.
  perform from public.users as u where u.id = sync_platform_admin.user_id for share;
  delete from private.reach as r where r.user_id = sync_platform_admin.user_id and r.tenant_id is null;
  insert into private.reach (user_id, tenant_id, role_rank)
  select p.user_id, null, private.role_rank('owner')
  from private.platform_admins as p
  join public.users as u on u.id = p.user_id and u.is_active
  where p.user_id = sync_platform_admin.user_id;
end
$$;
comment on function private.sync_platform_admin(uuid) is 'Makes private.reach say whether a user is an active platform administrator.';
revoke all on function private.sync_platform_admin(uuid) from public, anon, authenticated, service_role;


create function private.tg_platform_admins__sync()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    perform private.sync_platform_admin(old.user_id);
  end if;
  if tg_op <> 'DELETE' then
    perform private.sync_platform_admin(new.user_id);
  end if;
  return null;
end
$$;
comment on function private.tg_platform_admins__sync() is 'After any change of the administrators: keeps private.reach true.';
revoke all on function private.tg_platform_admins__sync() from public, anon, authenticated, service_role;

create trigger _300_sync
  after insert or update or delete on private.platform_admins
  for each row execute function private.tg_platform_admins__sync();


create function private.tg_users__sync_platform_admin()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.sync_platform_admin(new.id);
  return null;
end
$$;
comment on function private.tg_users__sync_platform_admin() is
  'After activation or deactivation of a user: a platform administrator''s reach begins or ends.';
revoke all on function private.tg_users__sync_platform_admin() from public, anon, authenticated, service_role;

create trigger _310_sync_platform_admin
  after update of is_active on public.users
  for each row when (old.is_active is distinct from new.is_active)
  execute function private.tg_users__sync_platform_admin();


create function private.require_platform_admin()
  returns void
  language plpgsql
  stable
  security definer -- nobody holds a right on private.reach
  set search_path = ''
as $$
begin
  if not exists (select from private.reach as r where r.user_id = auth.uid() and r.tenant_id is null) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'This needs a platform administrator.',
      hint = 'Ask the operators of the platform.';
  end if;
end
$$;
comment on function private.require_platform_admin() is 'Raises 42501 unless the caller is an active platform administrator.';
revoke all on function private.require_platform_admin() from public, anon, authenticated, service_role;


create function public.set_user_active(user_id uuid, is_active boolean)
  returns void
  language plpgsql
  volatile
  security definer -- is_active is granted to nobody
  set search_path = ''
as $$
begin
  perform private.require_platform_admin();
  if set_user_active.is_active is null then
    raise exception using errcode = 'null_value_not_allowed', message = 'is_active must be true or false.';
  end if;
  update public.users as u set is_active = set_user_active.is_active where u.id = set_user_active.user_id;
  if not found then
    raise exception using errcode = 'PT404', message = 'There is no such user.';
  end if;
end
$$;
comment on function public.set_user_active(uuid, boolean) is
  'Activates or deactivates an account, for platform administrators. It takes effect at the user''s next statement. '
  'Raises 42501 for anybody else, PT404 for an unknown user, PT409 for the last active owner of a tenant.';
revoke all on function public.set_user_active(uuid, boolean) from public, anon, authenticated, service_role;
grant execute on function public.set_user_active(uuid, boolean) to authenticated;
