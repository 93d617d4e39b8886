delete from ops.schedules where name in ('process-jobs', 'end-lost-executions');
drop function private.end_lost_test_executions();
drop index public.scheduled_test_executions_open_idx;
