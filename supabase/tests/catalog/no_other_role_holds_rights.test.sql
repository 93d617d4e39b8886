-- Supabase has more roles than the rules here speak of, some of which log in. They come by their rights without us.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

select set_eq(
  $$select distinct grantee from tests.grants where kind in ('relation', 'column', 'function')$$,
  $$values ('postgres'), ('authenticated'), ('service_role')$$,
  'S2 tables, views and functions are granted to their owner, signed-in users and the service role, and to nobody else'
);
select set_eq(
  $$select name, grantee from tests.grants where kind = 'schema' and grantee not in ('authenticated', 'service_role')$$,
  $$values
    ('private', 'postgres'), ('ops', 'postgres'),
    ('public', 'pg_database_owner'), ('public', 'postgres'), ('public', 'public'), ('public', 'anon')$$,
  'S2 the schemas likewise; public is open to all'
);

select * from finish();
rollback;
