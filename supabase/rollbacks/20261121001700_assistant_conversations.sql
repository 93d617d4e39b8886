-- All conversations are lost.
delete from ops.schedules where name = 'archive-conversations';
drop function public.archive_old_conversations(interval);
call private.withdraw('public.conversations');
drop table public.conversations;
