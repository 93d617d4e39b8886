-- What schedules ran is lost.
drop function public.cancel_test_execution(uuid, uuid);
drop function public.finish_test_execution(uuid, uuid, text, jsonb, text);
drop function public.start_test_execution(uuid, uuid);
drop function private.require_test_execution(uuid, uuid);
drop trigger _310_stamp on public.scheduled_test_executions;
drop function private.tg_scheduled_test_executions__stamp();
call private.withdraw('public.scheduled_test_executions');
drop table public.scheduled_test_executions;
