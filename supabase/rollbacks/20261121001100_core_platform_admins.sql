-- The list of platform administrators is lost.
drop function public.set_user_active(uuid, boolean);
drop function private.require_platform_admin();
drop trigger _310_sync_platform_admin on public.users;
drop table private.platform_admins;
delete from private.reach where tenant_id is null;
drop function private.tg_users__sync_platform_admin();
drop function private.tg_platform_admins__sync();
drop function private.sync_platform_admin(uuid);
