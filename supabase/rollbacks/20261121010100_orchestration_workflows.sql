-- All workflows are lost.
drop function public.update_workflow_status(uuid, uuid, text, text);
drop trigger _150_stamp on public.workflows;
drop trigger _150_start on public.workflows;
drop function private.tg_workflows__stamp();
call private.withdraw('public.workflows');
drop table public.workflows;
