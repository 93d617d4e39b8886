-- All feedback is lost.
drop function public.rate_message(uuid, uuid, text, text);
call private.withdraw('public.feedback');
drop table public.feedback;
