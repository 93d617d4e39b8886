-- All messages are lost.
drop trigger _150_keep_words_of_others on public.conversations;
drop function private.tg_conversations__keep_words_of_others();
call private.withdraw('public.messages');
drop table public.messages;
drop function private.tg_messages__arrive();
