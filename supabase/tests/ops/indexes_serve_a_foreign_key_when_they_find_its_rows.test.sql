-- A foreign key is served by an index of all rows that begins with its columns, in any order, and can compare them.
begin;
\ir ../helpers/cast.psql
select plan(19);

select is_empty('select * from ops.check_foreign_keys_without_index()',
  'P1 every foreign key of the house is served');

create table public.targets (a integer, b text, primary key (a, b));
create function tests.is_served(indexes text) returns boolean language plpgsql as $$
declare
  v_served boolean;
begin
  create table public.sources (
    a integer, b text, c integer, constraint sources_fkey foreign key (a, b) references public.targets (a, b)
  );
  execute replace(indexes, 'INDEX', 'index on public.sources');
  select not exists (
    select from ops.check_foreign_keys_without_index() as f where f.key = 'public.sources.sources_fkey'
  ) into v_served;
  drop table public.sources;
  return v_served;
end
$$;

select is(tests.is_served(indexes), expected, format('P1 %s: %s', indexes, expected))
from (values
  ('select', false),
  ('create INDEX (a, b)', true),
  ('create INDEX (b, a)', true),
  ('create INDEX (b, a, c)', true),
  ('create INDEX (a)', false),
  ('create unique INDEX (a)', true),
  ('create unique INDEX (c)', false),
  ('create INDEX (a, c, b)', false),
  ('create INDEX (a) include (b)', false),
  ('create INDEX (a, b) where a is not null', true),
  ('create INDEX (a, b) where c is not null', false),
  ('create INDEX (a, b) where a is null', false),
  ('create INDEX (a, lower(b))', false),
  ('create INDEX (a, b collate "C")', false),
  ('create INDEX (a, b text_pattern_ops)', true),
  ('create INDEX using brin (a, b)', false)
) as v (indexes, expected);

create table public.sources (a integer, "B" text, constraint sources_fkey foreign key (a, "B") references public.targets);
create index on public.sources (a, "B") where a > 0;
select results_eq(
  $$select status, remedy from ops.check_foreign_keys_without_index()$$,
  $$values ('warn', 'create index concurrently on public.sources (a, "B");')$$,
  'P1 with an index of some of its rows only, it is named with what would serve it'
);
update ops.health_thresholds set warn = 1 where check_name = 'foreign_keys_without_index';
select is_empty('select * from ops.check_foreign_keys_without_index()', 'P1 below the threshold of rows it is left alone');

select * from finish();
rollback;
