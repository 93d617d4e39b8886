-- What operators set for the retention of these tables is lost; what was deleted stays deleted.
drop function public.cleanup_old_job_queue();
drop function public.cleanup_old_scheduled_executions();
drop function public.cleanup_old_browser_sessions();
drop function public.cleanup_old_ai_generations();
delete from ops.retention_policies
where relation in (
  'public.ai_generations', 'public.browser_sessions', 'public.scheduled_test_executions', 'public.finished_jobs'
);
