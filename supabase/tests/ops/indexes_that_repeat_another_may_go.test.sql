-- An index goes only when another does all it does: same columns, order, operator class, collation, predicate, INCLUDE.
begin;
\ir ../helpers/cast.psql
select plan(30);

select is_empty('select * from ops.get_duplicate_indexes()', 'P1 no index of the house repeats another');

-- Each pair on a table of its own: what has to be named, and beside it what differs in one thing only.
create function tests.pair(first text, second text) returns text language plpgsql as $$
declare
  v_answer text;
begin
  create table public.pairs (a integer, b text, c text, d jsonb, e integer[]);
  execute 'create ' || replace(first, 'INDEX', 'index one on public.pairs');
  execute 'create ' || replace(second, 'INDEX', 'index two on public.pairs');
  select string_agg(d.index_name || ' ' || d.kind || ' ' || d.kept_index_name, ', ' order by d.index_name) into v_answer
  from ops.get_duplicate_indexes() as d where d.table_name = 'pairs';
  drop table public.pairs;
  return v_answer;
end
$$;

select is(tests.pair(first, second), expected, format('P1 %s beside %s: %s', second, first, coalesce(expected, 'both stay')))
from (values
  ('INDEX (a)', 'INDEX (a)', 'two identical one'),
  ('INDEX (a)', 'INDEX (a, b)', 'one prefix two'),
  ('INDEX (a)', 'INDEX (b, a)', null),
  ('INDEX (a)', 'INDEX (a desc)', null),
  ('INDEX (a)', 'INDEX (a nulls first, b)', null),
  ('INDEX (b)', 'INDEX (b text_pattern_ops)', null),
  ('INDEX (b)', 'INDEX (b collate "C", a)', null),
  ('INDEX (a) where a > 0', 'INDEX (a)', null),
  ('INDEX (a) where a > 0', 'INDEX (a) where a > 1', null),
  ('INDEX (a)   where a > 0', 'INDEX (a) where a > 0', 'two identical one'),
  ('INDEX (lower(b))', 'INDEX (lower(b), a)', 'one prefix two'),
  ('INDEX (lower(b))', 'INDEX (upper(b), a)', null),
  ('INDEX (lower(b))', 'INDEX (lower(c))', null),
  ('INDEX (a, lower(b))', 'INDEX (a, lower(b), (c || ''{\}''))', 'one prefix two'),
  ('INDEX (a, lower(b))', 'INDEX (a, (c || ''{''), lower(b))', null),
  ('INDEX (lower(b))', 'INDEX (lower(b collate "C"), a)', null),
  ('INDEX (a) include (b)', 'INDEX (a)', 'two identical one'),
  ('INDEX (a) include (b)', 'INDEX (a) include (c)', null),
  ('INDEX (a) include (b)', 'INDEX (a, b)', 'one prefix two'),
  ('INDEX (a) include (c)', 'INDEX (a, b)', null),
  ('unique INDEX (a)', 'INDEX (a)', 'two identical one'),
  ('INDEX (a)', 'unique INDEX (a)', 'one identical two'),
  ('unique INDEX (a)', 'unique INDEX (a)', 'two identical one'),
  ('unique INDEX (a)', 'unique INDEX (a) nulls not distinct', null),
  ('unique INDEX (a)', 'unique INDEX (a, b)', null),
  ('INDEX using hash (a)', 'INDEX (a)', null),
  ('INDEX using gin (d)', 'INDEX using gin (d jsonb_path_ops)', null),
  ('INDEX using gin (d)', 'INDEX using gin (d, e)', null)
) as v (first, second, expected);

create table public.chain (a integer, b integer, c integer, primary key (a));
create unique index same_as_the_key on public.chain (a);
create index one on public.chain (a);
create index two on public.chain (a, b);
create index three on public.chain (a, b, c);
create index four on public.chain (b);
create index five on public.chain (b, c);
create index six on public.chain (b, c, a);
select results_eq(
  $$select key, facts ->> 'kept_index', remedy from ops.check_duplicate_indexes() order by key$$,
  $$values
    ('public.five', 'six', 'drop index concurrently public.five;'),
    ('public.four', 'six', 'drop index concurrently public.four;'),
    ('public.one', 'chain_pkey', 'drop index concurrently public.one;'),
    ('public.same_as_the_key', 'chain_pkey', 'drop index concurrently public.same_as_the_key;'),
    ('public.two', 'three', 'drop index concurrently public.two;')$$,
  'P1 the key stays, and what is kept does not itself go'
);

select * from finish();
rollback;
