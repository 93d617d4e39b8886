-- The policies keep words and jsonb from an index; the searches get to it all the same, every time and for every argument.
-- What the server itself counts is asked: it goes wrong when the index is gone or the planner takes another way.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/searchable.psql
select plan(34);

select results_eq(
  format('select scans, fetched >= 1500, hits from tests.cost_of(%L, %L)', relation,
    format('select id from %s where tenant_id = tests.tenant_id(''acme'') and %s', relation, condition)),
  'values (0::bigint, true, 3)', format('T9: as a filter on %s, %s looks at every row of the tenant', relation, condition)
)
from (values
  ('public.ai_generations', 'tsv @@ to_tsquery(''english'', ''zebra'')'),
  ('public.ai_generations', 'result @> ''{"text": "zebra"}'''),
  ('public.browser_sessions', 'tsv @@ to_tsquery(''english'', ''zebra'')'),
  ('public.browser_sessions', 'artefacts @> ''[{"kind": "video"}]''')
) as v (relation, condition);

-- What is found is fetched twice: its id, and its row under the policies.
create table tests.searches (what text, words text, of_result text, of_artefacts text, more text, matches integer, found integer);
insert into tests.searches
values
  ('a word', '''zebra''', 'null', 'null', '', 3, 3),
  ('a value', 'null', '''{"text": "zebra"}''', '''{"kind": "video"}''', '', 3, 3),
  ('both', '''zebra''', '''{"text": "zebra"}''', '''{"kind": "video"}''', '', 3, 3),
  ('part of a page', '''zebra''', 'null', 'null', ', page_size => 1', 3, 1),
  ('a later page', '''zebra''', 'null', 'null',
    ', before => now() - interval ''1000 minutes'', before_id => ''ffffffff-ffff-ffff-ffff-ffffffffffff''', 3, 2),
  ('a word that all other tenants use', '''giraffe''', 'null', 'null', '', 0, 0),
  ('a word that is nowhere', '''okapi''', 'null', 'null', '', 0, 0);
create view tests.statements as
  select what, matches, found, 'public.ai_generations' as relation,
    format('select id from public.search_ai_generations(tests.tenant_id(''acme''), %s, %s%s)', words, of_result, more) as statement
  from tests.searches
  union all
  select what, matches, found, 'public.browser_sessions',
    format('select id from public.search_browser_sessions(tests.tenant_id(''acme''), %s, %s%s)', words, of_artefacts, more)
  from tests.searches;
select results_eq(
  format('select scans, hits from tests.cost_of(%L, %L)', relation, statement), format('values (1::bigint, %s)', found),
  format('T9: %s: one scan of the index for %s', relation, what)
)
from tests.statements;
select cmp_ok(
  (select c.fetched from tests.cost_of(relation, statement) as c), '<=', (4 * matches)::bigint,
  format('T9: %s: no other row is looked at for %s', relation, what)
)
from tests.statements;
-- A plan that was kept would be made for any argument by now.
select results_eq(
  $$select sum(c.scans) from generate_series(1, 12) cross join lateral tests.cost_of(
      'public.ai_generations', 'select id from public.search_ai_generations(tests.tenant_id(''acme''), ''zebra'')') as c$$,
  'values (12::numeric)', 'T9: and so the twelfth time'
);
drop index public.ai_generations_search_idx;
select is(
  tests.rows_as('acme_member', 'select id from public.search_ai_generations(tests.tenant_id(''acme''), ''zebra'')'), 3,
  'T9: without the index the same is found'
);

select * from finish();
rollback;
