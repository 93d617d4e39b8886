-- SQL that a function assembles is the place where an argument can become a command. Each function that does it is
-- written down, and what it executes is a template in its own words.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

-- The statement behind the word execute, but for "execute function" in the text of a trigger.
create view tests.dynamic_sql as
  select f.name, f.oid, m[1] as what
  from tests.functions as f
  cross join lateral regexp_matches(f.prosrc, '\mexecute\s+(?!function\M)([^;]*)', 'gi') as m;

select set_eq(
  $$select distinct split_part(name, '(', 1) from tests.dynamic_sql$$,
  $$values
    ('private.enroll'), ('private.withdraw'), ('private.publish_materialized_view'), ('ops.add_partitions'),
    ('ops.refresh_materialized_view')$$,
  'S7 these functions assemble SQL and no other'
);
select is_empty(
  $$select name, what from tests.dynamic_sql where what !~ '^format\(\s*(''([^'']|'''')*''\s*)+[,)]'$$,
  'S7 each statement is assembled by format(), from a template that holds no argument'
);
select set_eq(
  $$select distinct split_part(d.name, '(', 1), r.rolname::text from tests.dynamic_sql as d
    join pg_roles as r on r.rolname in ('anon', 'authenticated', 'service_role')
      and has_function_privilege(r.oid, d.oid, 'execute')$$,
  $$values ('ops.refresh_materialized_view', 'service_role')$$,
  'S7 of these, the service role calls the one that first finds its name among the materialized views'
);

select * from finish();
rollback;
