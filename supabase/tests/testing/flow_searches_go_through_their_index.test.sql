-- As the other searches: one scan of the index, and no other row is looked at.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/searchable.psql
\ir ../helpers/searchable-flows.psql
select plan(24);

create table tests.searches (what text, words text, tags text, expected text, matches integer);
insert into tests.searches
values
  ('a word', '''zebra''', 'null', 'null', 3),
  ('what else it holds', 'null', '''{smoke, night}''', '''{"text": "zebra"}''', 3),
  ('both', '''zebra''', '''{smoke}''', '''{"text": "zebra"}''', 3),
  ('a word that all other tenants use', '''giraffe''', 'null', 'null', 0),
  ('a word that is nowhere', '''okapi''', 'null', 'null', 0);
create view tests.statements as
  select what, matches, 'public.visual_test_flows' as relation,
    format('select id from public.search_visual_test_flows(tests.tenant_id(''acme''), %s, %s)', words, tags) as statement
  from tests.searches
  union all
  select what, matches, 'public.visual_test_steps',
    format('select id from public.search_visual_test_steps(tests.tenant_id(''acme''), %s, %s)', words, expected)
  from tests.searches;
select results_eq(
  format('select scans, hits from tests.cost_of(%L, %L)', relation, statement), format('values (1::bigint, %s)', matches),
  format('T9: %s: one scan of the index for %s', relation, what)
)
from tests.statements;
select cmp_ok(
  (select c.fetched from tests.cost_of(relation, statement) as c), '<=', (4 * matches)::bigint,
  format('T9: %s: no other row is looked at for %s', relation, what)
)
from tests.statements;
select results_eq(
  format('select scans, fetched >= 1500, hits from tests.cost_of(%L, %L)', relation,
    format('select id from %s where tenant_id = tests.tenant_id(''acme'') and %s', relation, condition)),
  'values (0::bigint, true, 3)', format('T9: as a filter on %s, %s looks at every row of the tenant', relation, condition)
)
from (values
  ('public.visual_test_flows', 'tsv @@ to_tsquery(''english'', ''zebra'')'),
  ('public.visual_test_flows', 'tags @> ''{smoke}'''),
  ('public.visual_test_steps', 'tsv @@ to_tsquery(''english'', ''zebra'')'),
  ('public.visual_test_steps', 'expectation @> ''{"text": "zebra"}''')
) as v (relation, condition);

select * from finish();
rollback;
