-- All memberships are lost: nobody reaches a tenant until they are made anew.
revoke all on public.users from public, anon, authenticated, service_role;
drop policy update_self on public.users;
drop policy select_colleague on public.users;
drop function private.my_colleagues();
drop trigger _300_keep_an_owner on public.users;
drop trigger _310_get_an_owner on public.tenants;
drop trigger _300_keep_an_owner on public.tenants;

call private.withdraw('public.membership_branches');
call private.withdraw('public.memberships');
drop table public.membership_branches;
drop table public.memberships;

drop function private.tg_users__keep_an_owner();
drop function private.tg_tenants__keep_an_owner();
drop function private.tg_memberships__keep_an_owner();
drop function private.require_an_owner(uuid);
