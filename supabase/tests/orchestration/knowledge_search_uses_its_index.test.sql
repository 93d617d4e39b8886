-- The policies keep words from an index; the search gets to it all the same, and looks at no other article. What the server itself
-- counts is asked: it goes wrong when the index is gone or the planner takes another way.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/articles.psql
select plan(9);

insert into public.tenants (id, name, slug) select tests.tenant_id('many' || i), 'Many', 'tests-many-' || i from generate_series(1, 60) as i;
insert into public.knowledge_base (tenant_id, language, type, title, body)
select t.id, (array['english', 'german'])[1 + i % 2], (array['article', 'howto'])[1 + i / 2 % 2], 'Note ' || i, case when t.slug = 'tests-acme' then 'button' when t.slug ~ 'many' then 'giraffe' end
from public.tenants as t cross join generate_series(1, case when t.slug = 'tests-acme' then 1500 else 4 end) as i
where t.slug = 'tests-acme' or t.slug ~ 'tests-many';
analyze public.knowledge_base, public.tenants;
create function tests.cost_of(statement text, out scans bigint, out fetched bigint, out hits integer) language plpgsql as $$
declare
  v_index constant regclass := 'public.knowledge_base_search_idx';
  v_table constant regclass := 'public.knowledge_base';
  v_scans constant bigint := pg_stat_get_xact_numscans(v_index);
  v_fetched constant bigint := pg_stat_get_xact_tuples_fetched(v_table) + pg_stat_get_xact_tuples_returned(v_table);
begin
  hits := tests.rows_as('acme_member', statement);
  scans := pg_stat_get_xact_numscans(v_index) - v_scans;
  fetched := pg_stat_get_xact_tuples_fetched(v_table) + pg_stat_get_xact_tuples_returned(v_table) - v_fetched;
end
$$;
select results_eq(
  format('select scans, fetched >= 1500, hits from tests.cost_of(%L)', format('select from public.knowledge_base where tenant_id = %L and tsv @@ ''haus''', tests.tenant_id('acme'))),
  'values (0::bigint, true, 1)', 'O5 as a filter on the table every article is looked at');
-- Two languages, a scan each; what is found is fetched twice, and whether a language is there is asked with an article.
select results_eq(format('select scans, hits, fetched <= %s from tests.cost_of(%L)', 40 + 4 * hits, tests.search(words)),
  format('values (%s::bigint, %s, true)', scans, hits), format('O5 %s goes through the index', words))
from (values
  ('''silent''', 2, 1), ('''silent'', in_language => ''english''', 1, 1), ('''giraffe''', 2, 0), ('''deploy'', ''howto''', 2, 1), ('''house'', tag => ''live''', 2, 1),
  ('''okapi''', 2, 0)
) as v (words, scans, hits);
select results_eq(
  format('select sum(c.scans), max(c.fetched) <= 40 from generate_series(1, 12) cross join lateral tests.cost_of(%L) as c', tests.search('''okapi''')),
  'values (24::numeric, true)', 'O5 and so the twelfth time, when a plan would be kept');
drop index public.knowledge_base_search_idx;
select is(tests.found('''silent'''), 'Trouble', 'O5 without the index the same is found');

select * from finish();
rollback;
