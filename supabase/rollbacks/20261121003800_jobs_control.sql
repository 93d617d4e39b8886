drop function public.get_queue_stats(text);
drop function public.pause_queue(text, boolean, text);
drop function public.retry_dead_jobs(text, uuid, uuid[], integer);
drop function public.withdraw_job(uuid, uuid);
drop function public.cancel_job(uuid, uuid);
drop function private.cancel_job(uuid, uuid, uuid, boolean);
