-- All generations are lost. The extension goes too, unless something else needs it: then nothing is undone.
drop trigger _310_stamp on public.ai_generations;
drop function private.tg_ai_generations__stamp();
call private.withdraw('public.ai_generations');
drop table public.ai_generations;
drop extension btree_gin;
