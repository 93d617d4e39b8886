-- All schedules are lost.
drop trigger _310_keep_next_run on public.test_schedules;
drop trigger _300_keep_next_run on public.test_schedules;
drop function private.tg_test_schedules__keep_next_run();
drop trigger _290_check_cron on public.test_schedules;
drop function private.tg_test_schedules__check_cron();
drop function private.next_schedule_time(public.test_schedules, timestamptz);
drop trigger _910_audit on public.test_schedules;
call private.withdraw('public.test_schedules');
drop table public.test_schedules;
