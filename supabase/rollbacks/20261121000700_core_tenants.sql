-- All tenants are lost.
call private.withdraw('public.tenants');
drop table public.tenants;
