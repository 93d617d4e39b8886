-- All dependencies are lost.
drop trigger _310_check_parents_of_changed on public.tasks;
drop trigger _310_check_parents_of_added on public.tasks;
drop function private.tg_tasks__check_parents();
drop function private.refuse_deep_tasks(uuid[], uuid[]);
drop trigger _160_lock_parent on public.tasks;
drop function private.tg_tasks__lock_parent();
drop trigger _300_check_changed on public.task_dependencies;
drop trigger _300_check_added on public.task_dependencies;
drop function private.tg_task_dependencies__check();
drop trigger _150_lock_gone on public.task_dependencies;
drop trigger _150_lock on public.task_dependencies;
drop function private.tg_task_dependencies__lock();
drop function private.refuse_task_circle(uuid, uuid[], uuid[]);
drop function private.closes_no_circle(uuid, uuid, uuid, uuid, uuid);
drop function private.find_task_circle(uuid, uuid[], uuid[]);
drop function private.lock_task_graph(uuid);
call private.withdraw('public.task_dependencies');
drop table public.task_dependencies;
