-- A search path that the caller chooses lets them put their own table in the place of ours.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

select cmp_ok((select count(*) from tests.functions), '>', 45::bigint, 'S7 there are functions to look at');
select is_empty(
  $$select name from tests.functions where coalesce(not 'search_path=""' = any (proconfig), true) and prokind <> 'p'$$,
  'S7 every function has an empty search path'
);
select is_empty(
  $$select name from tests.functions where coalesce(not 'search_path=""' = any (proconfig), true) and prokind = 'p'$$,
  'S7 every procedure too'
);

select * from finish();
rollback;
