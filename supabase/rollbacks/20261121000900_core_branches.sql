-- All branches are lost.
call private.withdraw('public.branches');

drop table public.branches;
