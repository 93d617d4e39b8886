-- Platform administrators: they reach every tenant as an owner would. (C7)
-- Nobody becomes one through the API: no role of the API holds a right on the table. An operator
-- makes one by SQL:
--   insert into private.platform_admins (user_id) select id from public.users where email = '...';

create table private.platform_admins (
  user_id uuid not null,
  note text,
  created_at timestamptz not null default now(),
  constraint platform_admins_pkey primary key (user_id),
  constraint platform_admins_user_id_fkey foreign key (user_id) references public.users (id) on delete cascade
);
comment on table private.platform_admins is
  'The users who reach every tenant, suspended and closed ones too. Written by operators, by SQL '
  'only.';
comment on column private.platform_admins.note is 'Why this person holds the right.';

alter table private.platform_admins enable row level security;
revoke all on private.platform_admins from public, anon, authenticated, service_role;


create function private.require_platform_admin()
  returns void
  language plpgsql
  stable
  security definer -- nobody holds a right on private.reach
  set search_path = ''
as $$
begin
  if not exists (select from private.reach as r where r.user_id = auth.uid() and r.is_platform_admin) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'This needs a platform administrator.',
      hint = 'Ask the operators of the platform.';
  end if;
end
$$;
comment on function private.require_platform_admin() is
  'Raises 42501 unless the caller is an active platform administrator.';
revoke all on function private.require_platform_admin()
  from public, anon, authenticated, service_role;


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
  'Activates or deactivates an account, for platform administrators. It takes effect at the '
  'user''s next statement. '
  'Raises 42501 for anybody else, PT404 for an unknown user, PT409 for the last active owner of a '
  'tenant.';
revoke all on function public.set_user_active(uuid, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.set_user_active(uuid, boolean) to authenticated;
