-- All components and their credentials are lost.
drop function ops.reencrypt_credentials(integer);
drop function public.get_component_credentials(uuid, uuid);
drop function public.set_component_credentials(uuid, uuid, jsonb);
drop table private.component_credentials;
delete from ops.schedules where name = 'mark-silent-components';
drop function ops.mark_silent_components();
drop function public.record_heartbeat(uuid, uuid, text, jsonb, text);
drop function private.require_component(uuid, uuid);
call private.withdraw('public.components');
drop table public.components;
drop function private.tg__keep_stamp();
