-- All memberships are lost: nobody reaches a tenant until they are made anew.
revoke all on public.users from public, anon, authenticated, service_role;
drop policy update_self on public.users;
drop policy select_colleague on public.users;
drop function private.my_colleagues();
drop trigger _300_sync on public.users;
drop trigger _300_sync on public.tenants;

call private.withdraw('public.membership_branches');
call private.withdraw('public.memberships');
drop table public.membership_branches;
drop table public.memberships;
delete from private.reach where tenant_id is not null;

drop function private.tg_users__sync();
drop function private.tg_tenants__sync();
drop function private.tg_membership_branches__sync();
drop function private.tg_memberships__sync();
drop function private.require_an_owner(uuid);
drop function private.sync_reach(uuid, uuid);
