-- The history of executions and of health is lost.
delete from ops.schedules where name = 'snapshot-system-health';
drop function ops.snapshot_system_health();
drop trigger _500_record_health on public.components;
drop function private.tg_components__record_health();
delete from ops.retention_policies where relation = 'public.system_health';
call private.withdraw('public.system_health');
drop table public.system_health;
drop function public.record_execution(
  uuid, text, text, timestamptz, text, uuid, uuid, integer, text, jsonb, text
);
delete from ops.retention_policies where relation = 'public.execution_history';
call private.withdraw('public.execution_history');
drop table public.execution_history;
