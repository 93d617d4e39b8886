-- All jobs are lost, those that wait as well as those that are over.
delete from ops.retention_policies where relation in ('private.job_keys', 'private.job_workers');
drop trigger _600_drop_jobs on public.tenants;
drop function private.tg_tenants__drop_jobs();
drop trigger _300_need_a_tenant on private.job_keys;
drop trigger _300_need_a_tenant on public.job_queue;
drop function private.tg_jobs__need_a_tenant();
drop table private.job_keys;
drop table private.job_workers;
drop table private.job_leases;
call private.withdraw('public.finished_jobs');
drop table public.finished_jobs;
call private.withdraw('public.job_queue');
drop table public.job_queue;
