-- A role that can create has a place for functions of its own, which others then may be led to call; one that can set
-- session_replication_role switches off triggers and foreign keys.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.api_roles as
  select oid, rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role');

select is((select count(*) from tests.api_roles), 3::bigint, 'S2 there are three API roles');
select is_empty(
  $$select r.rolname, n.nspname from tests.api_roles as r cross join pg_namespace as n
    where n.nspname !~ '^pg_(temp|toast)' and has_schema_privilege(r.oid, n.oid, 'create')$$,
  'S2 no API role creates anything in any schema'
);
select is_empty(
  $$select rolname from tests.api_roles where has_database_privilege(oid, current_database(), 'create')$$,
  'S2 or a schema of its own'
);
select is_empty(
  $$select p.parname, g.grantee from pg_parameter_acl as p cross join lateral aclexplode(p.paracl) as g
    where g.grantee = 0 or g.grantee in (select oid from tests.api_roles)$$,
  'S2 no API role sets a parameter that is kept for superusers'
);

select * from finish();
rollback;
