-- How long tasks have been in their statuses is lost.
drop trigger _170_keep_time on public.tasks;
drop function private.tg_tasks__keep_time();
drop trigger _170_start_time on public.tasks;
drop function private.tg_tasks__start_time();
alter table public.tasks
  drop constraint due_at_is_a_time,
  drop constraint finished_at_is_a_time,
  drop constraint started_at_is_a_time,
  drop column times_reopened,
  drop column status_seconds,
  drop column status_since;
