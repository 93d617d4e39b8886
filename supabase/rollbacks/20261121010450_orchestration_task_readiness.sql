-- Nothing is lost that does not follow from tasks and dependencies.
drop function private.rebuild_task_readiness(uuid);
drop trigger _320_follow_gone on public.task_dependencies;
drop trigger _320_follow_changed_to on public.task_dependencies;
drop trigger _320_follow_changed_from on public.task_dependencies;
drop trigger _320_follow_added on public.task_dependencies;
drop function private.tg_task_dependencies__follow_gone();
drop function private.tg_task_dependencies__follow_added();
drop function private.follow_dependencies(uuid[], uuid[], uuid[], integer[]);
drop trigger _250_follow_gone on public.tasks;
drop function private.tg_tasks__follow_gone();
drop trigger _250_follow_changed on public.tasks;
drop function private.tg_tasks__follow_changed();
drop trigger _250_follow_added on public.tasks;
drop function private.tg_tasks__follow_added();
drop function private.lock_waiting_workflows(uuid[], uuid[], uuid[]);
drop function private.follow_tasks(uuid[], uuid[]);
drop function private.hold_subtasks(uuid[], uuid[]);
drop table private.task_readiness;
