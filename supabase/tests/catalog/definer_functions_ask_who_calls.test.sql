-- A definer function that a user may call has to ask for the caller itself, because no policy will.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

select cmp_ok(
  (select count(*) from tests.functions where prosecdef and has_function_privilege('authenticated', oid, 'execute')),
  '>', 10::bigint, 'S7 there are definer functions to look at'
);
select is_empty(
  $$select name from tests.functions
    where prosecdef and has_function_privilege('authenticated', oid, 'execute')
      and prosrc !~ 'auth\.uid\(\)|private\.(my_reach\M|(my_tenants|require_\w+)\()|request\.jwt\.claims'$$,
  'S7 every definer function that users may call looks at who calls'
);

select * from finish();
rollback;
