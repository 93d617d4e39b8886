-- Who reaches which tenant: the one lookup that every policy asks. (C7, C10, S1, S4, S5, S6)
-- private.reach holds one row a user: the tenants they reach, once for each lowest role, flattened
-- from memberships, tenants and users by triggers in the transaction that changes one of those. A
-- policy reads the caller's row through private.my_reach, inline and once a statement:
--   tenant_id = any ((select r.viewer from private.my_reach as r)::uuid[])
-- Inline and not through a function: in the API's request shape the same lookup as a PL/pgSQL
-- function made a point read 1.19 times, a page 1.08 times and an update 1.24 times as slow as no
-- row level security; like this it is 1.05, 1.03 and 1.15 (bench/results). A function must set up
-- its expressions anew in every transaction. No JWT holds a tenant: a token would keep a revoked
-- membership alive.

create table private.reach (
  user_id uuid not null,
  is_platform_admin boolean not null default false,
  customer uuid[] not null default '{}',
  viewer uuid[] not null default '{}',
  member uuid[] not null default '{}',
  manager uuid[] not null default '{}',
  admin uuid[] not null default '{}',
  owner uuid[] not null default '{}',
  unconfined uuid[] not null default '{}',
  branches uuid[] not null default '{}',
  constraint reach_pkey primary key (user_id)
)
-- Room for the new version of a changed row on its own page.
with (fillfactor = 70);
comment on table private.reach is
  'The memberships in force, flattened for the policies: one row a user. Kept by triggers '
  '(core_reach); never written by hand.';
comment on column private.reach.customer is
  'Tenants in which the user is at least a customer. The other roles likewise.';
comment on column private.reach.unconfined is 'Tenants in which the user reaches all branches.';
comment on column private.reach.branches is
  'The branches the user is confined to, over all tenants.';

alter table private.reach enable row level security;
revoke all on private.reach from public, anon, authenticated, service_role;


create function private.all_tenants()
  returns uuid[]
  language plpgsql
  stable
  security definer -- reads private.reach and public.tenants, which a caller must not read freely
  set search_path = ''
as $$
begin
  if not exists (select from private.reach as r where r.user_id = auth.uid() and r.is_platform_admin) then
    return '{}';
  end if;
  return array(select t.id from public.tenants as t);
end
$$;
comment on function private.all_tenants() is
  'Every tenant for a platform administrator, none for anybody else. (C7)';
revoke all on function private.all_tenants() from public, anon, authenticated, service_role;
grant execute on function private.all_tenants() to authenticated, service_role;


-- A view with its owner's rights, so that no policy queries a table that has policies: recursion is
-- impossible. It is a security barrier: a caller with SQL of their own sees their row and no other,
-- whatever condition they add. The caller's id is what auth.uid() says, spelled out: reading the
-- claims as json and not as jsonb is 1.2 microseconds of every statement.
create view private.my_reach
  with (security_barrier = true)
as
select
  r.user_id,
  case when r.is_platform_admin then private.all_tenants() else r.customer end as customer,
  case when r.is_platform_admin then private.all_tenants() else r.viewer end as viewer,
  case when r.is_platform_admin then private.all_tenants() else r.member end as member,
  case when r.is_platform_admin then private.all_tenants() else r.manager end as manager,
  case when r.is_platform_admin then private.all_tenants() else r.admin end as admin,
  case when r.is_platform_admin then private.all_tenants() else r.owner end as owner,
  case when r.is_platform_admin then private.all_tenants() else r.unconfined end as unconfined,
  r.branches
from private.reach as r
where r.user_id = coalesce(
  nullif(current_setting('request.jwt.claim.sub', true), ''),
  nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'
)::uuid;
comment on view private.my_reach is
  'The caller''s own row of private.reach as of this statement, with every tenant for a platform '
  'administrator. What the policies ask.';
revoke all on private.my_reach from public, anon, authenticated, service_role;
grant select on private.my_reach to authenticated, service_role;


create function private.role_rank(role text)
  returns smallint
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_rank smallint := array_position('{customer, viewer, member, manager, admin, owner}'::text[], role_rank.role);
begin
  if v_rank is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('There is no role %s.', coalesce(quote_literal(role_rank.role), 'null')),
      hint = 'The roles are customer, viewer, member, manager, admin and owner.';
  end if;
  return v_rank;
end
$$;
comment on function private.role_rank(text) is
  'The rank of a tenant role, customer (1) to owner (6). Raises 22023 for any other word.';
revoke all on function private.role_rank(text) from public, anon, authenticated, service_role;


create function private.my_tenants(lowest_role text)
  returns uuid[]
  language plpgsql
  stable
  security definer -- calls a helper that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.role_rank(my_tenants.lowest_role);
  return coalesce(
    (
      select case my_tenants.lowest_role
        when 'customer' then r.customer
        when 'viewer' then r.viewer
        when 'member' then r.member
        when 'manager' then r.manager
        when 'admin' then r.admin
        when 'owner' then r.owner
      end
      from private.my_reach as r
    ),
    '{}'
  );
end
$$;
comment on function private.my_tenants(text) is
  'The tenants in which the caller holds at least this role, as of this statement; all tenants for '
  'a platform administrator. '
  'For functions and views; the policies read private.my_reach inline, which costs less. Raises '
  '22023 for an unknown role.';
revoke all on function private.my_tenants(text) from public, anon, authenticated, service_role;
grant execute on function private.my_tenants(text) to authenticated, service_role;


create function private.is_trusted_session()
  returns boolean
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  -- The role of the session and not that of the claims: a token may leave its role out.
  v_role text := case current_setting('role') when 'none' then session_user::text else current_setting('role') end;
begin
  return v_role = 'service_role' or pg_has_role(v_role, 'postgres', 'member');
end
$$;
comment on function private.is_trusted_session() is
  'Whether the statement comes from the service role or from an operator''s own session, and not '
  'from a user of the API.';
revoke all on function private.is_trusted_session() from public, anon, authenticated, service_role;


create function private.require_role(tenant_id uuid, lowest_role text)
  returns smallint
  language plpgsql
  stable
  security definer -- asks whether the tenant exists, whatever the caller may read
  set search_path = ''
as $$
declare
  v_rank smallint := 0;
begin
  select
    case
      when require_role.tenant_id = any (r.owner) then 6
      when require_role.tenant_id = any (r.admin) then 5
      when require_role.tenant_id = any (r.manager) then 4
      when require_role.tenant_id = any (r.member) then 3
      when require_role.tenant_id = any (r.viewer) then 2
      when require_role.tenant_id = any (r.customer) then 1
    end
  into v_rank
  from private.my_reach as r;
  -- Another tenant's id must answer like an id that does not exist.
  if v_rank is null then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such tenant.',
      detail = format('tenant_id %s', coalesce(require_role.tenant_id::text, 'null')),
      hint = 'Use the id of a tenant you are a member of; my_memberships() lists them.';
  end if;
  if v_rank < private.role_rank(require_role.lowest_role) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = format('This needs the role %s or a higher one.', require_role.lowest_role),
      hint = 'Ask an admin or an owner of the tenant.';
  end if;
  return v_rank;
end
$$;
comment on function private.require_role(uuid, text) is
  'The caller''s rank in a tenant. Raises PT404 when the tenant is unknown or out of reach (the '
  'same answer for both), 42501 when the rank is too low.';
revoke all on function private.require_role(uuid, text)
  from public, anon, authenticated, service_role;
