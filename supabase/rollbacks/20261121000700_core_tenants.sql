-- All tenants are lost.
call private.withdraw('public.tenants');

alter table private.reach drop constraint reach_tenant_id_fkey;
drop table public.tenants;
