-- Making a tenant and managing its members. (C6, S6)
-- Rules: admins and owners manage; nobody grants a role above their own, touches a member of their
-- own rank or above (owners may touch owners), or edits their own membership; a member confined to
-- branches manages nobody. Every function locks the tenant first, so that two changes of one
-- tenant's members run one after the other.

create function private.require_authority(tenant_id uuid, new_role text default null)
  returns smallint
  language plpgsql
  volatile
  security definer -- locks the tenant, and calls helpers that nobody else may execute
  set search_path = ''
as $$
declare
  v_rank smallint;
begin
  perform private.require_user();
  perform private.require_role(require_authority.tenant_id, 'customer');
  perform from public.tenants as t where t.id = require_authority.tenant_id for no key update;
  -- Asked under the lock: whoever was demoted meanwhile has lost the right.
  v_rank := private.require_role(require_authority.tenant_id, 'admin');
  if not exists (select from private.my_reach as r where require_authority.tenant_id = any (r.unconfined)) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'A member confined to branches cannot manage members.',
      hint = 'Ask an admin or an owner who is not confined.';
  end if;
  if require_authority.new_role is not null and private.role_rank(require_authority.new_role) > v_rank then
    raise exception using
      errcode = 'insufficient_privilege',
      message = format('You cannot grant the role %s: it is above your own.', require_authority.new_role),
      hint = 'Ask an owner of the tenant.';
  end if;
  return v_rank;
end
$$;
comment on function private.require_authority(uuid, text) is
  'The caller''s rank, if they may manage members of the tenant and grant the role. Locks the '
  'tenant until the end of the transaction. '
  'Raises PT404 for an unknown tenant, 42501 when rank or confinement forbid it, 22023 for an '
  'unknown role.';
revoke all on function private.require_authority(uuid, text)
  from public, anon, authenticated, service_role;


create function private.require_authority_over(tenant_id uuid, user_id uuid, new_role text default null)
  returns public.memberships
  language plpgsql
  volatile
  security definer -- looks at the target's membership, whatever the caller may read
  set search_path = ''
as $$
declare
  v_rank smallint := private.require_authority(require_authority_over.tenant_id, require_authority_over.new_role);
  v_target public.memberships;
begin
  if require_authority_over.user_id = auth.uid() then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Nobody changes their own membership.',
      hint = 'Ask another admin or owner; to go, use leave_tenant.';
  end if;
  select m.* into v_target
  from public.memberships as m
  where m.tenant_id = require_authority_over.tenant_id and m.user_id = require_authority_over.user_id
  for no key update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such member.',
      detail = format('user_id %s', coalesce(require_authority_over.user_id::text, 'null'));
  end if;
  if private.role_rank(v_target.role) >= v_rank and v_rank < private.role_rank('owner') then
    raise exception using
      errcode = 'insufficient_privilege',
      message = format('You cannot change a member with the role %s.', v_target.role),
      hint = 'Ask an owner of the tenant.';
  end if;
  return v_target;
end
$$;
comment on function private.require_authority_over(uuid, uuid, text) is
  'The membership of a user, if the caller may change it and grant the new role. Locks the tenant '
  'and the membership. '
  'Raises what require_authority raises, PT404 for an unknown member, 42501 for oneself and for a '
  'rank not below one''s own.';
revoke all on function private.require_authority_over(uuid, uuid, text)
  from public, anon, authenticated, service_role;


create function public.create_tenant(name text, slug text, kind text default 'organization')
  returns uuid
  language plpgsql
  volatile
  security definer -- nobody may insert tenants or memberships themselves
  set search_path = ''
as $$
declare
  v_user uuid := private.require_user();
  v_tenant uuid;
begin
  insert into public.tenants (name, slug, kind, created_by)
  values (btrim(create_tenant.name), create_tenant.slug, create_tenant.kind, v_user)
  on conflict on constraint tenants_slug_key do nothing
  returning id into v_tenant;
  if v_tenant is null then
    raise exception using
      errcode = 'unique_violation',
      message = format('The slug %s is taken.', quote_literal(create_tenant.slug)),
      hint = 'Choose another slug.';
  end if;
  insert into public.memberships (tenant_id, user_id, role, created_by)
  values (v_tenant, v_user, 'owner', v_user);
  return v_tenant;
end
$$;
comment on function public.create_tenant(text, text, text) is
  'Makes a tenant with the caller as its owner and returns its id. kind: organization, clinic or '
  'team. '
  'Raises 42501 unless signed in, 23505 when the slug is taken, 23514 or 23502 for a bad name, '
  'slug or kind.';
revoke all on function public.create_tenant(text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.create_tenant(text, text, text) to authenticated;


create function public.my_memberships()
  returns table (tenant_id uuid, name text, slug text, kind text, role text, is_confined boolean)
  language plpgsql
  stable
  security definer -- a customer sees no row of tenants, but must know where they belong
  set search_path = ''
as $$
begin
  return query
  select t.id, t.name, t.slug, t.kind, m.role, m.is_confined
  from public.memberships as m
  join public.tenants as t on t.id = m.tenant_id
  where m.user_id = auth.uid() and m.tenant_id = any (private.my_tenants('customer')) and m.status = 'active'
  order by t.name, t.id;
end
$$;
comment on function public.my_memberships() is
  'The tenants the caller belongs to at this moment, with their role in each. For every role, '
  'customers too.';
revoke all on function public.my_memberships() from public, anon, authenticated, service_role;
grant execute on function public.my_memberships() to authenticated;


create function public.change_member_role(tenant_id uuid, user_id uuid, role text)
  returns void
  language plpgsql
  volatile
  security definer -- memberships are changed by functions only
  set search_path = ''
as $$
declare
  v_target public.memberships;
begin
  perform private.role_rank(change_member_role.role);
  v_target := private.require_authority_over(
    change_member_role.tenant_id, change_member_role.user_id, change_member_role.role
  );
  if change_member_role.role = 'owner' and v_target.is_confined then
    raise exception using
      errcode = 'PT409',
      message = 'An owner is not confined to branches.',
      hint = 'Lift the confinement first (set_member_branches).';
  end if;
  update public.memberships as m set role = change_member_role.role
  where m.tenant_id = v_target.tenant_id and m.id = v_target.id;
end
$$;
comment on function public.change_member_role(uuid, uuid, text) is
  'Gives a member another role, for admins and owners. Raises PT404, 42501 (rank), 22023 (unknown '
  'role), PT409 (the last owner; a confined owner).';
revoke all on function public.change_member_role(uuid, uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.change_member_role(uuid, uuid, text) to authenticated;


create function public.set_member_status(tenant_id uuid, user_id uuid, status text)
  returns void
  language plpgsql
  volatile
  security definer -- memberships are changed by functions only
  set search_path = ''
as $$
declare
  v_target public.memberships := private.require_authority_over(set_member_status.tenant_id, set_member_status.user_id);
begin
  update public.memberships as m set status = set_member_status.status
  where m.tenant_id = v_target.tenant_id and m.id = v_target.id;
end
$$;
comment on function public.set_member_status(uuid, uuid, text) is
  'Suspends a member or makes them active again, for admins and owners. Raises PT404, 42501 '
  '(rank), 23514 (unknown status), PT409 (the last owner).';
revoke all on function public.set_member_status(uuid, uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.set_member_status(uuid, uuid, text) to authenticated;


create function private.require_branches(tenant_id uuid, branch_ids uuid[])
  returns void
  language plpgsql
  stable
  security definer -- checks branches whatever the caller may read
  set search_path = ''
as $$
declare
  v_unknown uuid[];
begin
  select array_agg(b.id order by b.id) into v_unknown
  from unnest(require_branches.branch_ids) as b (id)
  where not exists (
    select from public.branches as k where k.tenant_id = require_branches.tenant_id and k.id = b.id
  );
  if v_unknown is not null then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such branch in this tenant.',
      detail = format('branch_ids %s', array_to_string(v_unknown, ', ', 'null'));
  end if;
end
$$;
comment on function private.require_branches(uuid, uuid[]) is
  'Raises PT404 unless every id is a branch of the tenant.';
revoke all on function private.require_branches(uuid, uuid[])
  from public, anon, authenticated, service_role;


create function public.set_member_branches(tenant_id uuid, user_id uuid, branch_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- memberships are changed by functions only
  set search_path = ''
as $$
declare
  v_target public.memberships := private.require_authority_over(
    set_member_branches.tenant_id, set_member_branches.user_id
  );
begin
  if v_target.role = 'owner' and set_member_branches.branch_ids is not null then
    raise exception using
      errcode = 'PT409',
      message = 'An owner is not confined to branches.',
      hint = 'Change the role first (change_member_role).';
  end if;
  perform private.require_branches(v_target.tenant_id, set_member_branches.branch_ids);
  delete from public.membership_branches as b
  where b.tenant_id = v_target.tenant_id
    and b.user_id = v_target.user_id
    and b.branch_id <> all (coalesce(set_member_branches.branch_ids, '{}'));
  insert into public.membership_branches (tenant_id, user_id, branch_id)
  select distinct v_target.tenant_id, v_target.user_id, b.id
  from unnest(set_member_branches.branch_ids) as b (id)
  on conflict on constraint membership_branches_tenant_id_user_id_branch_id_key do nothing;
  update public.memberships as m set is_confined = set_member_branches.branch_ids is not null
  where m.tenant_id = v_target.tenant_id and m.id = v_target.id;
end
$$;
comment on function public.set_member_branches(uuid, uuid, uuid[]) is
  'Confines a member to branches, for admins and owners. Null lifts the confinement; an empty list '
  'leaves only rows of no branch. '
  'Raises PT404 (tenant, member or branch), 42501 (rank), PT409 (an owner).';
revoke all on function public.set_member_branches(uuid, uuid, uuid[])
  from public, anon, authenticated, service_role;
grant execute on function public.set_member_branches(uuid, uuid, uuid[]) to authenticated;


create function public.remove_member(tenant_id uuid, user_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- memberships are changed by functions only
  set search_path = ''
as $$
declare
  v_target public.memberships := private.require_authority_over(remove_member.tenant_id, remove_member.user_id);
begin
  delete from public.memberships as m where m.tenant_id = v_target.tenant_id and m.id = v_target.id;
end
$$;
comment on function public.remove_member(uuid, uuid) is
  'Ends a membership, for admins and owners. The member''s rows stay. Raises PT404, 42501 (rank), '
  'PT409 (the last owner).';
revoke all on function public.remove_member(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.remove_member(uuid, uuid) to authenticated;


create function public.leave_tenant(tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- memberships are changed by functions only
  set search_path = ''
as $$
begin
  perform private.require_role(leave_tenant.tenant_id, 'customer');
  perform from public.tenants as t where t.id = leave_tenant.tenant_id for no key update;
  delete from public.memberships as m where m.tenant_id = leave_tenant.tenant_id and m.user_id = auth.uid();
  if not found then
    raise exception using errcode = 'PT404', message = 'You are not a member of this tenant.';
  end if;
end
$$;
comment on function public.leave_tenant(uuid) is
  'Ends the caller''s own membership. Raises PT404 when there is none, PT409 for the last owner.';
revoke all on function public.leave_tenant(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_tenant(uuid) to authenticated;


create function public.transfer_ownership(tenant_id uuid, user_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- memberships are changed by functions only
  set search_path = ''
as $$
declare
  v_target public.memberships;
begin
  perform private.require_role(transfer_ownership.tenant_id, 'owner');
  v_target := private.require_authority_over(transfer_ownership.tenant_id, transfer_ownership.user_id, 'owner');
  if v_target.status <> 'active'
    or v_target.is_confined
    or not exists (select from public.users as u where u.id = v_target.user_id and u.is_active)
  then
    raise exception using
      errcode = 'PT409',
      message = 'Only an active member who is not confined to branches can become the owner.',
      hint = 'Use set_member_status or set_member_branches first.';
  end if;
  -- Both rows in one order: two people who hand each other a tenant would otherwise wait for each
  -- other.
  perform from private.reach as r where r.user_id in (v_target.user_id, auth.uid()) order by r.user_id for update;
  update public.memberships as m set role = 'owner'
  where m.tenant_id = v_target.tenant_id and m.id = v_target.id;
  update public.memberships as m set role = 'admin'
  where m.tenant_id = v_target.tenant_id and m.user_id = auth.uid() and m.role = 'owner';
end
$$;
comment on function public.transfer_ownership(uuid, uuid) is
  'Hands the caller''s ownership to another member; the caller becomes an admin (a platform '
  'administrator without an ownership stays what they are). Raises PT404, 42501 unless owner, '
  'PT409 for a member who cannot own.';
revoke all on function public.transfer_ownership(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.transfer_ownership(uuid, uuid) to authenticated;


create function public.set_tenant_status(tenant_id uuid, status text)
  returns void
  language plpgsql
  volatile
  security definer -- the status is granted to nobody
  set search_path = ''
as $$
begin
  perform private.require_role(set_tenant_status.tenant_id, 'owner');
  if set_tenant_status.status is distinct from 'closed' then
    perform private.require_platform_admin();
  end if;
  update public.tenants as t set status = set_tenant_status.status where t.id = set_tenant_status.tenant_id;
end
$$;
comment on function public.set_tenant_status(uuid, text) is
  'Owners may close their tenant; platform administrators may suspend, close and reactivate any. '
  'The rows are kept. '
  'Raises PT404, 42501, 23514 for an unknown status, PT409 when a tenant without an owner would '
  'become active.';
revoke all on function public.set_tenant_status(uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.set_tenant_status(uuid, text) to authenticated;
