-- The list of platform administrators is lost.
drop function public.set_user_active(uuid, boolean);
drop function private.require_platform_admin();
drop table private.platform_admins;
