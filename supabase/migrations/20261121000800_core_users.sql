-- Users: one profile row per row of auth.users, made and kept in step by triggers. (C2)
-- Not a tenant table: a user belongs to many tenants. Its policies are written by hand here.

create table public.users (
  id uuid not null,
  email text,
  full_name text constraint full_name_has_at_most_200_characters check (char_length(full_name) <= 200),
  avatar_url text constraint avatar_url_is_a_web_address
    check (avatar_url ~ '^https?://' and char_length(avatar_url) <= 2000),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_id_fkey foreign key (id) references auth.users (id) on delete cascade
);
comment on table public.users is
  'The profile of each account. Seen by its user and by the colleagues in shared tenants.';
comment on column public.users.email is 'Copied from auth.users, lower case.';
comment on column public.users.is_active is
  'False: the account reaches nothing, from its next statement on, whatever token it holds.';

-- Closed until core_memberships says who are colleagues.
alter table public.users enable row level security;
revoke all on public.users from public, anon, authenticated, service_role;

create trigger _200_touch
  before update on public.users
  for each row execute function private.tg__touch();

alter table private.reach
  add constraint reach_user_id_fkey foreign key (user_id) references public.users (id) on delete cascade;


create function private.tg_auth_users__keep_profile()
  returns trigger
  language plpgsql
  volatile
  security definer -- runs inside sign-up, as the role of the auth server, which holds no right on public.users
  set search_path = ''
as $$
begin
  insert into public.users (id, email, full_name, avatar_url)
  values (
    new.id,
    lower(new.email),
    left(nullif(btrim(new.raw_user_meta_data ->> 'full_name'), ''), 200),
    case
      when new.raw_user_meta_data ->> 'avatar_url' ~ '^https?://'
        and char_length(new.raw_user_meta_data ->> 'avatar_url') <= 2000
        then new.raw_user_meta_data ->> 'avatar_url'
    end
  )
  on conflict (id) do update set email = excluded.email;
  return null;
end
$$;
comment on function private.tg_auth_users__keep_profile() is
  'After insert of an account: makes its profile. After a change of e-mail: copies it. What a '
  'person typed at sign-up never makes sign-up fail.';
revoke all on function private.tg_auth_users__keep_profile()
  from public, anon, authenticated, service_role;

create trigger rowhouse_100_make_profile
  after insert on auth.users
  for each row execute function private.tg_auth_users__keep_profile();
create trigger rowhouse_110_copy_email
  after update of email on auth.users
  for each row when (old.email is distinct from new.email)
  execute function private.tg_auth_users__keep_profile();

-- Accounts that were there before this migration.
insert into public.users (id, email)
select a.id, lower(a.email) from auth.users as a
on conflict (id) do nothing;


create function private.require_user()
  returns uuid
  language plpgsql
  stable
  security definer -- a deactivated caller cannot read their own profile
  set search_path = ''
as $$
declare
  v_user uuid := auth.uid();
begin
  if v_user is null or coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'This needs a signed-in user.',
      hint = 'Sign in with an account; anonymous sign-ins do not suffice.';
  end if;
  if not exists (select from public.users as u where u.id = v_user and u.is_active) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'This account is not active.',
      hint = 'Ask the operators of the platform to activate it.';
  end if;
  return v_user;
end
$$;
comment on function private.require_user() is
  'The id of the caller. Raises 42501 unless the caller is signed in with an active account that '
  'is not anonymous.';
revoke all on function private.require_user() from public, anon, authenticated, service_role;
