-- Articles are found by words in any form, by the rules of their language, best match first, with an excerpt.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/articles.psql
select plan(22);

select is(tests.found(words), titles, format('O5 %s', words))
from (values
  ('''deploy''', 'Deploying houses, Trouble'), ('''builders waiting''', 'Trouble'), ('''"builder first"''', 'Deploying houses'),
  ('''house -silent''', 'Deploying houses'), ('''silent or call''', 'Deploying houses, Trouble'), ('''haus''', 'Häuser'), ('''okapi''', null),
  ('''house'', ''howto''', 'Deploying houses'), ('''house'', tag => ''live''', 'Deploying houses'), ('''house'', tag => ''build''', 'Deploying houses, Trouble'),
  ('''house'', ''article''', null), ('''häusern'', in_language => ''german''', 'Häuser'), ('''häusern'', in_language => ''english''', null),
  ('''deploy'', page_size => 1', 'Deploying houses'), ('''deploy'', page_size => 1, skip => 1', 'Trouble'), ('''deploy'', skip => 2', null),
  ('''bauen or deploying''', 'Deploying houses, Häuser, Trouble')
) as v (words, titles);
select results_eq(
  tests.search('''wait'''),
  $$select id, type, language, title, tags, source_url, access_count, created_at, updated_at, ts_rank(tsv, 'wait', 1),
      'When the builder is silent, look at the house and ⟦wait⟧. Deploying again does not help'
    from public.knowledge_base where title = 'Trouble'$$, 'O5 with all that a list shows, and where the words are'
);
select matches(tests.value_as('acme_viewer', tests.search('''häuser''') || ' order by excerpt desc'), tests.article_id('haus')::text, 'O5 in its language');
select is(tests.value_as('acme_viewer', format('select excerpt from (%s) as s', tests.search('''häuser'''))),
  'Über das Bauen von ⟦Häusern⟧ und was es kostet', 'O5 the excerpt follows its rules');
select is(tests.found('''deploying''', 'globex_owner', 'globex'), 'Deploying', 'O5 each tenant finds its own');
select is(tests.found('''deploying''', 'service', 'globex'), 'Deploying', 'O5 and the service those it asks for');

select * from finish();
rollback;
