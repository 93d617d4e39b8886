-- Views and definer functions act with their owner's rights. postgres is no superuser and owns none of the accounts. An
-- object that belonged to another role would see more than any rule here supposes, or be open to a role of the API.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

select is_empty(
  $$select r.name, c.relowner::regrole from tests.relations as r join pg_class as c on c.oid = r.oid
    where c.relowner <> 'postgres'::regrole$$,
  'S2 every table, view and index belongs to postgres'
);
select is_empty(
  $$select f.name, p.proowner::regrole from tests.functions as f join pg_proc as p on p.oid = f.oid
    where p.proowner <> 'postgres'::regrole$$,
  'S7 every function and procedure belongs to postgres'
);
select set_eq(
  $$select nspname, nspowner::regrole::text from pg_namespace where nspname in ('public', 'private', 'ops')$$,
  $$values ('public', 'pg_database_owner'), ('private', 'postgres'), ('ops', 'postgres')$$,
  'S2 the schemas belong to postgres, public through the ownership of the database'
);

select * from finish();
rollback;
