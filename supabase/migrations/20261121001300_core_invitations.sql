-- Invitations: the only way into a tenant besides making it. (C5, S6)
-- By e-mail, with a single-use token that only its hash is kept of, in a table of its own that no
-- role of the API reads. The token is not a version 7 uuid: nothing about it can be guessed from
-- the time.

create table public.invitations (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  email text not null
    constraint email_is_a_lower_case_address
    check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 254),
  role text not null
    constraint role_is_known check (role in ('customer', 'viewer', 'member', 'manager', 'admin', 'owner')),
  branch_ids uuid[],
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint invitations_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint expires_after_it_is_made check (expires_at > created_at),
  constraint is_not_both_accepted_and_revoked check (accepted_at is null or revoked_at is null),
  constraint owner_is_not_confined check (role <> 'owner' or branch_ids is null)
);
comment on table public.invitations is
  'Offers of membership. Open until accepted, revoked or expired; the token is shown once, to who '
  'invites.';
comment on column public.invitations.branch_ids is
  'The branches the membership will be confined to. Null: all branches.';

create unique index invitations_tenant_id_email_open_key on public.invitations (tenant_id, email)
  where accepted_at is null and revoked_at is null;
create index invitations_page_idx on public.invitations (tenant_id, created_at desc, id desc);
alter table public.invitations add constraint invitations_pkey primary key (tenant_id, id);

-- No insert, update or delete through the API: invite_member, revoke_invitation and
-- accept_invitation do it. An admin confined to branches invites nobody, and sees no invitation to
-- another branch.
call private.enroll('public.invitations', read => 'admin', unconfined => true, audit => true);


create table private.invitation_tokens (
  tenant_id uuid not null,
  invitation_id uuid not null,
  token_hash bytea not null,
  constraint invitation_tokens_pkey primary key (tenant_id, invitation_id),
  constraint invitation_tokens_token_hash_key unique (token_hash),
  constraint invitation_tokens_tenant_id_invitation_id_fkey foreign key (tenant_id, invitation_id)
    references public.invitations (tenant_id, id) on delete cascade
);
comment on table private.invitation_tokens is
  'SHA-256 of each invitation''s token. The token itself is kept nowhere.';

alter table private.invitation_tokens enable row level security;
revoke all on private.invitation_tokens from public, anon, authenticated, service_role;


create function public.invite_member(
  tenant_id uuid,
  email text,
  role text,
  branch_ids uuid[] default null,
  expires_in interval default '7 days'
)
  returns table (invitation_id uuid, token text, expires_at timestamptz)
  language plpgsql
  volatile
  security definer -- invitations are written by functions only
  set search_path = ''
as $$
declare
  v_email text := lower(btrim(invite_member.email));
begin
  perform private.role_rank(invite_member.role);
  perform private.require_authority(invite_member.tenant_id, invite_member.role);
  if invite_member.expires_in is null
    or invite_member.expires_in not between interval '1 minute' and interval '90 days'
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'An invitation lasts between 1 minute and 90 days.';
  end if;
  perform private.require_branches(invite_member.tenant_id, invite_member.branch_ids);
  if exists (
    select from public.memberships as m
    join public.users as u on u.id = m.user_id
    where m.tenant_id = invite_member.tenant_id and u.email = v_email
  ) then
    raise exception using
      errcode = 'PT409',
      message = format('%s is a member already.', v_email),
      hint = 'Change the membership with change_member_role or set_member_status.';
  end if;

  -- Inviting again replaces the open invitation: a lost mail must not lock the address out. Who
  -- could not have sent that one cannot take it back by sending another.
  perform private.require_authority(i.tenant_id, i.role)
  from public.invitations as i
  where i.tenant_id = invite_member.tenant_id and i.email = v_email and i.accepted_at is null and i.revoked_at is null;
  update public.invitations as i set revoked_at = now()
  where i.tenant_id = invite_member.tenant_id and i.email = v_email and i.accepted_at is null and i.revoked_at is null;

  invite_member.expires_at := now() + invite_member.expires_in;
  insert into public.invitations (tenant_id, email, role, branch_ids, expires_at, created_by)
  values (
    invite_member.tenant_id, v_email, invite_member.role, invite_member.branch_ids, invite_member.expires_at, auth.uid()
  )
  returning id into invite_member.invitation_id;
  invite_member.token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
  insert into private.invitation_tokens (tenant_id, invitation_id, token_hash)
  values (invite_member.tenant_id, invite_member.invitation_id, sha256(convert_to(invite_member.token, 'utf8')));
  return next;
end
$$;
comment on function public.invite_member(uuid, text, text, uuid[], interval) is
  'Invites an e-mail address to a tenant, for admins and owners. Returns the token this once: send '
  'it to the person. '
  'Raises PT404 (tenant or branch), 42501 (a role above one''s own), 22023 (unknown role or '
  'duration), 23514 (not an address), PT409 (a member already).';
revoke all on function public.invite_member(uuid, text, text, uuid[], interval)
  from public, anon, authenticated, service_role;
grant execute on function public.invite_member(uuid, text, text, uuid[], interval) to authenticated;


create function public.revoke_invitation(tenant_id uuid, invitation_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- invitations are written by functions only
  set search_path = ''
as $$
declare
  v_role text;
begin
  perform private.require_authority(revoke_invitation.tenant_id);
  select i.role into v_role
  from public.invitations as i
  where i.tenant_id = revoke_invitation.tenant_id
    and i.id = revoke_invitation.invitation_id
    and i.accepted_at is null
    and i.revoked_at is null;
  if not found then
    raise exception using errcode = 'PT404', message = 'There is no such open invitation.';
  end if;
  perform private.require_authority(revoke_invitation.tenant_id, v_role);
  update public.invitations as i set revoked_at = now()
  where i.tenant_id = revoke_invitation.tenant_id and i.id = revoke_invitation.invitation_id;
end
$$;
comment on function public.revoke_invitation(uuid, uuid) is
  'Takes an open invitation back, for admins and owners. Raises PT404 (no open invitation), 42501 '
  '(rank).';
revoke all on function public.revoke_invitation(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.revoke_invitation(uuid, uuid) to authenticated;


create function public.accept_invitation(token text)
  returns uuid
  language plpgsql
  volatile
  security definer -- the invited user is no member yet, so row level security hides the invitation from them
  set search_path = ''
as $$
declare
  v_user uuid := private.require_user();
  v_hash constant bytea := sha256(convert_to(coalesce(accept_invitation.token, ''), 'utf8'));
  v_tenant uuid;
  v_invitation public.invitations;
begin
  -- The tenant is locked first, as in every function that changes members; two acceptances of one
  -- token meet here.
  select t.id into v_tenant
  from public.tenants as t
  join private.invitation_tokens as k on k.tenant_id = t.id and k.token_hash = v_hash
  where t.status = 'active'
  for no key update of t;
  select i.* into v_invitation
  from public.invitations as i
  join private.invitation_tokens as k on k.tenant_id = i.tenant_id and k.invitation_id = i.id
  where k.token_hash = v_hash and i.tenant_id = v_tenant;

  if v_invitation.id is null then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such invitation.',
      hint = 'Check that the token is complete, or ask for a new invitation.';
  end if;
  if not exists (
    select from auth.users as a
    where a.id = v_user and lower(a.email) = v_invitation.email and a.email_confirmed_at is not null
  ) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'This invitation is for another e-mail address.',
      hint = 'Sign in with the address it was sent to, and confirm that address first.';
  end if;
  if v_invitation.accepted_at is not null then
    raise exception using errcode = 'PT409', message = 'This invitation has been used.';
  end if;
  if v_invitation.revoked_at is not null then
    raise exception using
      errcode = 'PT410', message = 'This invitation was taken back.', hint = 'Ask for a new invitation.';
  end if;
  if v_invitation.expires_at <= now() then
    raise exception using
      errcode = 'PT410', message = 'This invitation has expired.', hint = 'Ask for a new invitation.';
  end if;
  -- Who invited must still be entitled to: a demoted admin's invitations lose their force.
  if v_invitation.created_by is not null and not exists (
    select from private.reach as r
    where r.user_id = v_invitation.created_by
      and (
        r.is_platform_admin
        or v_tenant = any (case v_invitation.role when 'owner' then r.owner else r.admin end)
          and v_tenant = any (r.unconfined)
      )
  ) then
    raise exception using
      errcode = 'PT410',
      message = 'Whoever sent this invitation may no longer invite.',
      hint = 'Ask for a new invitation.';
  end if;

  insert into public.memberships (tenant_id, user_id, role, is_confined, created_by)
  values (v_tenant, v_user, v_invitation.role, v_invitation.branch_ids is not null, v_invitation.created_by)
  on conflict on constraint memberships_tenant_id_user_id_key do nothing;
  if not found then
    raise exception using
      errcode = 'PT409',
      message = 'You are a member of this tenant already.',
      hint = 'Ask an admin to change your role.';
  end if;
  -- A branch that has been deleted since is left out; the membership stays confined.
  insert into public.membership_branches (tenant_id, user_id, branch_id)
  select distinct v_tenant, v_user, b.id
  from public.branches as b
  where b.tenant_id = v_tenant and b.id = any (v_invitation.branch_ids);
  update public.invitations as i set accepted_at = now(), accepted_by = v_user
  where i.tenant_id = v_tenant and i.id = v_invitation.id;
  return v_tenant;
end
$$;
comment on function public.accept_invitation(text) is
  'Turns an invitation into a membership of the caller and returns the tenant''s id. Single use, '
  'for the invited address only, which must be confirmed. '
  'Raises PT404 (unknown token), 42501 (another address), PT409 (used; a member already), PT410 '
  '(expired, taken back, or the inviter lost the right).';
revoke all on function public.accept_invitation(text)
  from public, anon, authenticated, service_role;
grant execute on function public.accept_invitation(text) to authenticated;
