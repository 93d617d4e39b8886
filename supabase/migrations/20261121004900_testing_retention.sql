-- How long the rows of the testing product are kept, and a function for each to clean up by hand. (T8)
-- The nightly maintenance does the same by the same rows; what is deleted comes back from a backup only.

insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values
  ('public.ai_generations', 'created_at', '90 days', '1 day', 'What models were asked to make.'),
  ('public.browser_sessions', 'created_at', '30 days', '1 day', 'Browsers that tests ran in.'),
  ('public.scheduled_test_executions', 'created_at', '60 days', '1 day', 'Runs of test schedules.'),
  ('public.finished_jobs', 'finished_at', '7 days', '1 hour', 'Jobs that are over; dead ones too.');
-- A queue that does a hundred jobs a second finishes nine million a day.
update ops.retention_policies set batch_size = 50000 where relation = 'public.finished_jobs';


create function public.cleanup_old_ai_generations()
  returns table (removed bigint, has_more boolean)
  language plpgsql
  volatile
  security definer -- deletes rows of all tenants
  set search_path = ''
as $$
begin
  return query select c.removed, c.has_more from ops.clean_up('public.ai_generations') as c;
end
$$;
comment on function public.cleanup_old_ai_generations() is
  'Deletes ai_generations beyond their retention (ops.retention_policies), in batches, for the service '
  'role. Returns how many, and whether there are more.';
revoke all on function public.cleanup_old_ai_generations() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_ai_generations() to service_role;


create function public.cleanup_old_browser_sessions()
  returns table (removed bigint, has_more boolean)
  language plpgsql
  volatile
  security definer -- deletes rows of all tenants
  set search_path = ''
as $$
begin
  return query select c.removed, c.has_more from ops.clean_up('public.browser_sessions') as c;
end
$$;
comment on function public.cleanup_old_browser_sessions() is
  'Deletes browser_sessions beyond their retention (ops.retention_policies), in batches, for the '
  'service role. Returns how many, and whether there are more.';
revoke all on function public.cleanup_old_browser_sessions() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_browser_sessions() to service_role;


create function public.cleanup_old_scheduled_executions()
  returns table (removed bigint, has_more boolean)
  language plpgsql
  volatile
  security definer -- deletes rows of all tenants
  set search_path = ''
as $$
begin
  return query select c.removed, c.has_more from ops.clean_up('public.scheduled_test_executions') as c;
end
$$;
comment on function public.cleanup_old_scheduled_executions() is
  'Deletes scheduled_test_executions beyond their retention (ops.retention_policies), in batches, for '
  'the service role. Returns how many, and whether there are more.';
revoke all on function public.cleanup_old_scheduled_executions() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_scheduled_executions() to service_role;


create function public.cleanup_old_job_queue()
  returns table (removed bigint, has_more boolean)
  language plpgsql
  volatile
  security definer -- deletes rows of all tenants
  set search_path = ''
as $$
begin
  return query select c.removed, c.has_more from ops.clean_up('public.finished_jobs') as c;
end
$$;
comment on function public.cleanup_old_job_queue() is
  'Deletes finished_jobs beyond their retention (ops.retention_policies), in batches, for the service '
  'role. Jobs that wait or run are never deleted. Returns how many, and whether there are more.';
revoke all on function public.cleanup_old_job_queue() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_job_queue() to service_role;
