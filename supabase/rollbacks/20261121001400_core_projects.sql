-- All projects are lost.
call private.withdraw('public.projects');
drop table public.projects;
