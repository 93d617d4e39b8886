-- Nothing is lost.
drop function public.next_tasks(uuid, uuid, integer);
