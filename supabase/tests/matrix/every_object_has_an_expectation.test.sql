begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/functions.psql
\ir ../helpers/matrix.psql
\ir ../helpers/matrix/functions.psql
select plan(8);

select is_empty(
  $$select r.name from tests.relations as r
    where r.relkind = 'v' and r.schema <> 'tests' and r.name not in (select v.view from tests.view_rules as v)$$,
  'S4: every view has an expectation (matrix/views.psql)'
);
select is_empty(
  $$select v.view from tests.view_rules as v
    where v.view not in (select r.name from tests.relations as r where r.relkind = 'v')$$,
  'S4: every expectation of a view has its view'
);
select is_empty(
  $$select r.relation from tests.rights as r where r.relation not in (select t.name from tests.tables as t)$$,
  'S2: every right has its table'
);
select is_empty(
  $$select w.relation, w.grantee, w.verb from tests.withdrawn_rights as w
    where w.relation not in (select e.relation from private.enrollments as e)$$,
  'S2: every right that was withdrawn had been given'
);
-- An executable function without a rule: the matrix expects a refusal and fails too; here it is said in words.
select is_empty(
  $$select f.name from tests.functions as f
    where f.schema <> 'tests' and f.name not in (select r.function from tests.function_rules as r)
      and exists (
        select from unnest(array['anon', 'authenticated', 'service_role']) as a (role)
        where has_schema_privilege(a.role, f.schema, 'usage') and has_function_privilege(a.role, f.oid, 'execute')
      )$$,
  'S7: every function that an API role may execute has an expectation (matrix/functions.psql)'
);
select is_empty(
  $$select r.function from tests.function_rules as r where r.function not in (select f.name from tests.functions as f)$$,
  'S7: every expectation of a function has its function'
);
-- Schemas of the platform: what is readable there, and why that tells nothing.
create temp table tolerated (relation text primary key, because text not null);
insert into tolerated
values
  ('extensions.pg_stat_statements', 'the platform''s own; texts without values, and not served by the API'),
  ('extensions.pg_stat_statements_info', 'the platform''s own; two counters');
select is_empty(
  $$select format('%I.%I', n.nspname, c.relname)
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'public', 'private', 'ops', 'tests')
      and n.nspname !~ '^pg_(toast|temp)'
      and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and exists (
        select from unnest(array['anon', 'authenticated']) as a (role)
        where has_schema_privilege(a.role, n.oid, 'usage')
          and has_any_column_privilege(a.role, c.oid, 'select, insert, update, references')
      )
      and format('%I.%I', n.nspname, c.relname) not in (select t.relation from tolerated as t)
      -- Here for the tests only.
      and not exists (
        select from pg_depend as d
        join pg_extension as e on e.oid = d.refobjid and e.extname = 'pgtap'
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_extension'::regclass
      )$$,
  'S4: nothing in a schema of the platform is open to users'
);
select is_empty(
  $$select n.nspname, c.relname, p.polname
    from pg_policy as p
    join pg_class as c on c.oid = p.polrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname not in ('public', 'private', 'ops', 'tests')
      and not exists (
        select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      )$$,
  'S4: no policy outside the house (storage among others) without an expectation'
);

select * from finish();
rollback;
