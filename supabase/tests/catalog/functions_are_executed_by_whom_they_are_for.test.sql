-- What the API roles may execute is written down, function by function: a new one is closed until it is listed here.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/functions.psql
select plan(5);

select set_eq(
  $$select name from tests.functions where has_function_privilege('authenticated', oid, 'execute')$$,
  $$select name from tests.known_functions where for_users$$,
  'S7 signed-in users execute these functions and no other'
);
select set_eq(
  $$select name from tests.functions where has_function_privilege('service_role', oid, 'execute')$$,
  $$select name from tests.known_functions where for_service$$,
  'S7 the service role executes these functions and no other'
);
select is_empty(
  $$select name, grantee from tests.grants where kind = 'function' and grantee in ('public', 'anon')$$,
  'S7 nothing is executable by PUBLIC or anon'
);
select is_empty(
  $$select name from tests.functions where prorettype = 'trigger'::regtype
    and (has_function_privilege('authenticated', oid, 'execute') or has_function_privilege('service_role', oid, 'execute'))$$,
  'S7 no trigger function is executable by an API role'
);
select is_empty(
  $$select name from tests.functions
    where has_function_privilege('authenticated', oid, 'execute') and tests.without_planning(prosrc) ~* '\m(execute|set_config|dblink|copy)\M'$$,
  'S7 no function of the API runs assembled SQL or changes settings: its arguments cannot become either'
);

select * from finish();
rollback;
