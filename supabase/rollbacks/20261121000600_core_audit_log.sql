-- The log itself is lost.
call private.withdraw('public.audit_log');

drop function ops.add_partitions(integer);
drop table public.audit_log;
drop function private.tg__audit();
drop function private.tg_audit_log__refuse_change();
