-- What was calculated stays.
delete from ops.schedules where name = 'calculate-workflow-analytics';
drop function ops.calculate_changed_workflows(integer, interval);
drop function public.calculate_workflow_analytics(uuid, uuid);
drop function private.calculate_analytics(uuid, uuid);
drop function private.share_waiting(uuid, uuid);
drop function private.calculate_task_analytics(uuid, uuid);
drop function private.seconds_by_status(text, timestamptz, jsonb);
