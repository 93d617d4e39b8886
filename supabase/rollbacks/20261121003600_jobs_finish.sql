drop function public.heartbeat_job(uuid, interval);
drop function public.release_jobs(uuid, uuid[]);
drop function public.fail_job(uuid, uuid, text, interval, boolean);
drop function private.get_backoff(text, integer);
drop function public.complete_jobs(uuid, uuid[], jsonb);
drop function private.leave_lease(uuid, uuid[]);
drop function private.end_jobs(tid[], text, text, jsonb);
drop function private.find_leased_jobs(uuid, uuid[]);
