drop function private.require_role(uuid, text);
drop function private.is_trusted_session();
drop function private.my_tenants(text);
drop function private.role_rank(text);
drop view private.my_reach;
drop function private.all_tenants();
drop table private.reach;
