-- All articles are lost.
delete from ops.schedules where name = 'count-knowledge-accesses';
drop function ops.count_knowledge_accesses(integer);
drop function public.record_knowledge_access(uuid, uuid);
drop table private.knowledge_accesses;
drop function public.search_knowledge(uuid, text, text, text, text, integer, integer);
drop function private.find_knowledge(uuid, text, text, text, text, integer, integer);
drop function private.rank_articles(uuid, tsquery, text, text, text, integer);
call private.withdraw('public.knowledge_base');
drop table public.knowledge_base;
drop function private.search_config(text);
