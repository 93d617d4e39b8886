-- A search says what it looks for, in a way an index can serve, and how much it wants.
begin;
\ir ../helpers/cast.psql
select plan(48);

select tests.sign_in('acme_viewer');
select throws_ok(format('select from public.%I(tests.tenant_id(''acme''), %s)', f, arguments), '22023', message,
  format('T9: %s refuses %s', f, left(arguments, 60)))
from unnest(array['search_ai_generations', 'search_browser_sessions']) as f
cross join (values
  ('null', 'There is nothing to search for.'),
  ('repeat(''x'', 501)', 'query must have at most 500 characters.'),
  ('''''', 'query must hold a word that has to occur.'), ('''the'', ''{"a": 1}''', 'query must hold a word that has to occur.'),
  ('''-zebra''', 'query must hold a word that has to occur.'), ('''zebra or -okapi''', 'query must hold a word that has to occur.'),
  ('null, ''{}''', 'filter must be an object of at most 8 KB with at least one value.'),
  ('null, ''{"a": {"b": []}}''', 'filter must be an object of at most 8 KB with at least one value.'),
  ('null, ''[{"a": 1}]''', 'filter must be an object of at most 8 KB with at least one value.'),
  ('null, ''1''', 'filter must be an object of at most 8 KB with at least one value.'),
  ('''zebra'', ''null''', 'filter must be an object of at most 8 KB with at least one value.'),
  ('null, jsonb_build_object(''a'', repeat(''x'', 8192))', 'filter must be an object of at most 8 KB with at least one value.'),
  ('''zebra'', page_size => null', 'page_size must be between 1 and 200.'), ('''zebra'', page_size => 0', 'page_size must be between 1 and 200.'),
  ('''zebra'', page_size => 201', 'page_size must be between 1 and 200.'),
  ('''zebra'', before => now()', 'before and before_id go together.'),
  ('''zebra'', before_id => gen_random_uuid()', 'before and before_id go together.')
) as v (arguments, message);
select lives_ok(format('select from public.%I(tests.tenant_id(''acme''), %s)', f, arguments),
  format('T9: %s takes %s', f, left(arguments, 60)))
from unnest(array['search_ai_generations', 'search_browser_sessions']) as f
cross join unnest(array[
  'repeat(''ü'', 500)', 'null, ''{"a": [{"b": null}]}''', 'null, jsonb_build_object(''a'', repeat(''x'', 8180))',
  '''zebra'', page_size => 1', '''zebra'', page_size => 200', '''zebra'', before => now(), before_id => gen_random_uuid()',
  '''"zebra -okapi" or giraffe'''
]) as arguments;

select * from finish();
rollback;
