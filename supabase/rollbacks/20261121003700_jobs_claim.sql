delete from ops.schedules where name = 'requeue-expired-jobs';
drop function public.claim_jobs(text, text, integer, interval, boolean);
drop function private.share_jobs(text, uuid[], integer, integer);
drop function private.list_tenants_with_jobs(text, uuid, uuid, integer);
drop function public.requeue_expired_jobs(text, integer);
