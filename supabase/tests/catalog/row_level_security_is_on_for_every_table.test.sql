-- Every table of public, private and ops, partitions too.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

select cmp_ok((select count(*) from tests.tables), '>', 20::bigint, 'S2 there are tables to look at');
select is_empty(
  $$select name from tests.tables where not relrowsecurity$$,
  'S2 row level security is on for every table, partitions too'
);

select * from finish();
rollback;
