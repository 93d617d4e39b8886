-- SQL that a function assembles is the place where an argument can become a command. Each function that does it is
-- written down, and what it executes is a template in its own words.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/functions.psql
select plan(3);

-- The statement behind the word execute, but for "execute function" in the text of a trigger.
create view tests.dynamic_sql as
  select f.name, f.oid, m[1] as what
  from tests.functions as f
  cross join lateral regexp_matches(f.prosrc, '\mexecute\s+(?!function\M)([^;]*)', 'gi') as m;

select set_eq(
  $$select distinct split_part(name, '(', 1) from tests.dynamic_sql$$, 'select name from tests.assembling_functions',
  'S7 these functions assemble SQL and no other (helpers/functions.psql)'
);
select is_empty(
  $$select name, what from tests.dynamic_sql where what !~ '^format\(\s*(''([^'']|'''')*''\s*)+[,)]'$$,
  'S7 each statement is assembled by format(), from a template that holds no argument'
);
select set_eq(
  $$select distinct split_part(d.name, '(', 1) from tests.dynamic_sql as d
    join pg_roles as r on r.rolname in ('anon', 'authenticated', 'service_role')
      and has_function_privilege(r.oid, d.oid, 'execute')$$,
  'select name from tests.assembling_functions where callable_because is not null',
  'S7 of these, an API role calls those that say why that is safe'
);

select * from finish();
rollback;
