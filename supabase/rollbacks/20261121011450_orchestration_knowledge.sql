-- All articles are lost. The extension goes too, unless something else needs it.
delete from ops.schedules where name = 'count-knowledge-accesses';
drop function ops.count_knowledge_accesses(integer);
drop function public.record_knowledge_access(uuid, uuid);
drop table private.knowledge_accesses;
drop function public.search_knowledge(uuid, text, text, text, text, integer, integer);
drop function private.find_knowledge(uuid, text, text, text, text, integer, integer);
drop function private.rank_articles(uuid, tsquery, text, text, text, integer);
drop trigger _210_keep_stamp on public.knowledge_base;
call private.withdraw('public.knowledge_base');
drop table public.knowledge_base;
drop function private.search_config(text);
do $$
begin
  drop extension btree_gin;
exception
  when dependent_objects_still_exist then
    null;
end
$$;
