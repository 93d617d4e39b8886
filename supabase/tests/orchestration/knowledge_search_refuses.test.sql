-- A search asks who calls, and refuses what no index could serve.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/articles.psql
select plan(26);

select tests.throws_as(who, tests.search('''deploy'''), code, message, format('O5 not %s', who))
from (values
  ('acme_customer', '42501', 'This needs the role viewer or a higher one.'), ('globex_owner', 'PT404', 'There is no such tenant.')
) as v (who, code, message);
select tests.throws_as('acme_viewer', tests.search(words), '22023', message, format('O5 not %s', left(words, 40)))
from (values
  ('null', 'query must have at most 500 characters.'), (quote_literal(repeat('x', 501)), 'query must have at most 500 characters.'),
  ('''''', 'query must hold a word that has to occur.'), ('''-house''', 'query must hold a word that has to occur.'), ('''the'', in_language => ''english''', 'query must hold a word that has to occur.'),
  ('''x'', in_language => ''klingon''', 'There are no rules for the language ''klingon''.'),
  ('''x'', page_size => 0', 'page_size must be between 1 and 100, and skip between 0 and 1000.'),
  ('''x'', page_size => 101', 'page_size must be between 1 and 100, and skip between 0 and 1000.'),
  ('''x'', page_size => null', 'page_size must be between 1 and 100, and skip between 0 and 1000.'),
  ('''x'', skip => -1', 'page_size must be between 1 and 100, and skip between 0 and 1000.'),
  ('''x'', skip => 1001', 'page_size must be between 1 and 100, and skip between 0 and 1000.'),
  ('''x'', skip => null', 'page_size must be between 1 and 100, and skip between 0 and 1000.')
) as v (words, message);
select tests.lives_as('acme_viewer', tests.search(words), format('O5 but %s', left(words, 30)))
from unnest(array[quote_literal(repeat('x', 500)), '''the'', in_language => ''simple''', '''the''', '''x'', page_size => 100, skip => 1000', '''x'', page_size => 1, skip => 0']) as words;
select is((select count(*) from public.knowledge_base where tenant_id = tests.tenant_id('initech')), 0::bigint, 'O5 a tenant without articles');
select is(tests.found('''the''', 'service', 'initech'), null, 'O5 finds nothing');

select set_eq(
  $$select cfgname::text, private.search_config(cfgname::text) is not distinct from oid::regconfig from pg_ts_config where cfgnamespace = 'pg_catalog'::regnamespace
    and private.search_config(cfgname::text) is not null$$,
  $$select l, true from unnest('{simple,arabic,armenian,basque,catalan,danish,dutch,english,finnish,french,german,greek,hindi,hungarian,indonesian,irish,
    italian,lithuanian,nepali,norwegian,portuguese,romanian,russian,serbian,spanish,swedish,tamil,turkish,yiddish}'::text[]) as l$$,
  'O5 each language has the rules of its name'
);
select is(private.search_config('klingon'), null, 'O5 another one has none');
select throws_ok(format('insert into public.knowledge_base (tenant_id, title, body, language) values (%L, ''x'', ''x'', ''klingon'')', tests.tenant_id('acme')),
  '23514', 'new row for relation "knowledge_base" violates check constraint "language_is_known"', 'O5 nor has it articles');
-- The words that take the most room.
select lives_ok(format('insert into public.knowledge_base (tenant_id, title, body, language) select %L, repeat(''x'', 500),
  string_agg(chr(65536 + i), '' ''), ''simple'' from generate_series(1, 50000) as i', tests.tenant_id('acme')), 'O5 the longest article can be searched');
select is((select count(*) from public.knowledge_base where char_length(body) = 99999), 1::bigint, 'O5 and is there');

select * from finish();
rollback;
