-- The schedule's runs are lost; executions that were dispatched stay, and so do their jobs.
delete from ops.schedules where name = 'dispatch-schedules';
drop function public.dispatch_test_schedules(integer);
drop function private.dispatch_test_schedules(timestamptz, integer);
drop function private.has_due_test_schedules(timestamptz);
drop function public.run_test_schedule_now(uuid, uuid);
drop function private.run_test_schedule(public.test_schedules, timestamptz, uuid);
