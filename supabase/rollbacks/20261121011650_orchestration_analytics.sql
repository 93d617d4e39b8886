-- How workflows fared on days that are over is lost.
delete from ops.retention_policies where relation = 'public.workflow_analytics';
call private.withdraw('public.workflow_analytics');
drop table public.workflow_analytics;
call private.withdraw('public.task_analytics');
drop table public.task_analytics;
