-- All events are lost.
drop function public.log_event(uuid, text, text, text, jsonb, uuid, text, text, timestamptz);
delete from ops.retention_policies where relation = 'public.events';
call private.withdraw('public.events');
drop table public.events;
drop function private.ensure_partition(regclass, timestamptz);
