-- All communications are lost.
delete from ops.schedules where name = 'time-out-communications';
drop function ops.time_out_communications(integer);
drop function public.retry_communication(uuid, uuid);
drop function public.finish_communication(uuid, uuid, integer, jsonb, text);
drop function public.start_communication(uuid, uuid, uuid, text, jsonb, integer, integer, text, text);
drop function private.lock_communication(uuid, uuid);
drop function private.end_attempt(uuid, uuid, text, boolean);
delete from ops.retention_policies where relation = 'public.component_communications';
call private.withdraw('public.component_communications');
drop table public.component_communications;
