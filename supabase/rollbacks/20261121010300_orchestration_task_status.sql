-- The counters of the workflows stay as they are, and follow no longer.
drop function public.update_task_status(uuid, uuid, text);
drop trigger _300_count_gone on public.tasks;
drop function private.tg_tasks__count_gone();
drop trigger _300_count_changed on public.tasks;
drop function private.tg_tasks__count_changed();
drop trigger _300_count_added on public.tasks;
drop function private.tg_tasks__count_added();
drop function private.count_tasks(uuid[], uuid[], integer[], integer[], integer[]);
drop function private.lock_workflows(uuid[], uuid[]);
drop trigger _150_stamp on public.tasks;
drop trigger _150_start on public.tasks;
drop function private.tg_tasks__stamp();
drop trigger _140_follow_life_cycle on public.tasks;
