-- Nothing is lost.
drop function public.next_tasks(uuid, uuid, integer);
drop index public.tasks_pending_idx;
