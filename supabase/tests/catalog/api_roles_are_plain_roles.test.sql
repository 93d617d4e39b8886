-- A role that bypasses policies, or is a member of one that does, makes every policy void.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select is_empty(
  $$select rolname from pg_roles where rolname in ('anon', 'authenticated') and (rolbypassrls or rolsuper or rolcreaterole or rolcreatedb)$$,
  'S2 anon and authenticated are bound by policies'
);
select is_empty(
  $$select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
    and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin)$$,
  'S2 no API role logs in, makes roles or databases, or reads the log of changes'
);
select is_empty(
  $$select m.member::regrole, m.roleid::regrole from pg_auth_members as m
    where m.member in ('anon'::regrole, 'authenticated'::regrole, 'service_role'::regrole)$$,
  'S2 no API role is a member of another role'
);
select is_empty(
  $$select t.name from tests.relations as t join pg_class as c on c.oid = t.oid
    join pg_roles as r on r.oid = c.relowner where r.rolname in ('anon', 'authenticated', 'service_role')$$,
  'S2 no API role owns a table: an owner is not bound by its policies'
);

select * from finish();
rollback;
