-- Nobody reaches anything any more: the flattened memberships are emptied, so that none of them outlives its cause.
drop trigger _400_sync_reach on private.platform_admins;
drop trigger _400_sync_reach on public.users;
drop trigger _400_sync_reach on public.tenants;
drop trigger _400_sync_reach on public.membership_branches;
drop trigger _400_sync_reach on public.memberships;
drop function private.tg_platform_admins__sync_reach();
drop function private.tg_users__sync_reach();
drop function private.tg_tenants__sync_reach();
drop function private.tg_memberships__sync_reach();
drop function private.sync_reach(uuid);
delete from private.reach;
