-- TRUNCATE, REFERENCES, TRIGGER and MAINTAIN ask no policy. Supabase's default privileges hand them to every API role.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(5);

select isnt_empty(
  $$select from tests.grants where grantee = 'service_role' and kind = 'relation' and privilege = 'DELETE'$$,
  'S2 there are grants to look at'
);
select is_empty(
  $$select name, grantee, privilege from tests.grants
    where kind in ('relation', 'column') and grantee in ('authenticated', 'service_role')
      and privilege not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')$$,
  'S2 no API role holds truncate, references, trigger or maintain'
);
select is_empty(
  $$select name, grantee, privilege from tests.grants where is_grantable and grantee in ('authenticated', 'service_role')$$,
  'S2 no API role may pass a right on'
);
select is_empty(
  $$select r.name from tests.relations as r join tests.grants as g on g.name = r.name
    where r.relkind = 'S' and g.grantee in ('authenticated', 'service_role')$$,
  'S4 no API role reads a sequence'
);
select set_eq(
  $$select name, grantee, privilege from tests.grants
    where kind = 'schema' and grantee in ('authenticated', 'service_role') order by 1, 2, 3$$,
  $$values ('ops', 'authenticated', 'USAGE'), ('ops', 'service_role', 'USAGE'), ('private', 'authenticated', 'USAGE'), ('private', 'service_role', 'USAGE'),
    ('public', 'authenticated', 'USAGE'), ('public', 'service_role', 'USAGE')$$,
  'S2 the API roles use the schemas they need and create nothing in them'
);

select * from finish();
rollback;
