drop function public.request_job(uuid, text, jsonb, timestamptz, text);
drop function public.enqueue_jobs(jsonb);
drop function public.enqueue_job(uuid, text, jsonb, text, integer, timestamptz, integer, text, interval);
drop function private.add_job(uuid, text, jsonb, text, integer, timestamptz, integer, text, interval, uuid);
drop function private.tell_job_workers(text);
