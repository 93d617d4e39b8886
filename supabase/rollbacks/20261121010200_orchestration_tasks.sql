-- All tasks are lost.
drop trigger _110_stay_in_workflow on public.tasks;
drop function private.tg_tasks__stay_in_workflow();
call private.withdraw('public.tasks');
drop table public.tasks;
