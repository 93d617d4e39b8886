drop function private.require_role(uuid, text);
drop function private.my_branches();
drop function private.my_unconfined_tenants();
drop function private.my_tenants(text);
drop function private.role_rank(text);
drop table private.reach;
