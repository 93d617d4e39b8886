-- Comments reach the generated documentation.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select is_empty(
  $$select name from tests.relations
    where relkind in ('r', 'p', 'v', 'm') and not relispartition and coalesce(obj_description(oid, 'pg_class'), '') = ''$$,
  'X2 every table and view says what it is'
);
select is_empty(
  $$select name from tests.functions where coalesce(obj_description(oid, 'pg_proc'), '') = ''$$,
  'X2 every function says what it does'
);
select is_empty(
  $$select nspname from pg_namespace where nspname in ('private', 'ops') and coalesce(obj_description(oid, 'pg_namespace'), '') = ''$$,
  'X2 both schemas of ours say what they are for'
);
select is_empty(
  $$select name from tests.functions where has_function_privilege('authenticated', oid, 'execute') and schema = 'public'
    and prosrc ~ 'errcode|require_' and obj_description(oid, 'pg_proc') !~ 'Raises'$$,
  'X2 every function of the API that raises says which codes'
);

select * from finish();
rollback;
