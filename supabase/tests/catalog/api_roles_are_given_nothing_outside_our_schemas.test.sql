-- The other rules look at public, private and ops. Supabase's own schemas are Supabase's to grant; what a migration
-- grants in one of them, or makes in a schema of its own, would be seen by none of those rules.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.foreign_grants as
  select o.class, o.oid, o.schema, o.name, coalesce(nullif(g.grantee, 0)::regrole::text, 'public') as grantee,
    g.privilege_type as privilege
  from (
    select 'pg_class'::regclass as class, c.oid, c.relnamespace::regnamespace::text as schema,
      c.oid::regclass::text as name,
      coalesce(c.relacl, acldefault(case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner)) as acl
    from pg_class as c
    union all
    select 'pg_class'::regclass, c.oid, c.relnamespace::regnamespace::text,
      format('%s.%I', c.oid::regclass, a.attname), a.attacl
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attacl is not null
    union all
    select 'pg_proc'::regclass, p.oid, p.pronamespace::regnamespace::text, p.oid::regprocedure::text,
      coalesce(p.proacl, acldefault('f', p.proowner))
    from pg_proc as p
    union all
    select 'pg_namespace'::regclass, n.oid, n.nspname, n.nspname, coalesce(n.nspacl, acldefault('n', n.nspowner))
    from pg_namespace as n
  ) as o
  cross join lateral aclexplode(o.acl) as g
  join pg_roles as r on r.oid = g.grantor and r.rolname !~ '^supabase_'
  where g.grantee = 0 or g.grantee::regrole::text in ('anon', 'authenticated', 'service_role');

-- An extension decides itself who may use it, and pgTAP keeps its books in temporary tables.
create view tests.our_foreign_grants as
  select * from tests.foreign_grants as f
  where f.schema not in ('public', 'private', 'ops', 'tests') and f.schema !~ '^pg_temp_'
    and not exists (select from tests.extension_objects as e where e.classid = f.class and e.objid = f.oid);

select cmp_ok(
  (select count(*) from tests.foreign_grants where schema in ('public', 'private')), '>', 50::bigint,
  'S2 the grants that migrations make are seen'
);
select isnt_empty(
  $$select from pg_namespace where nspname = 'auth' and has_schema_privilege('authenticated', oid, 'usage')$$,
  'S2 there is a schema besides ours that users may look into'
);
select set_eq(
  $$select schema, grantee, privilege from tests.our_foreign_grants where class = 'pg_namespace'::regclass$$,
  $$values ('extensions', 'anon', 'USAGE'), ('extensions', 'authenticated', 'USAGE'),
    ('extensions', 'service_role', 'USAGE')$$,
  'S2 of the schemas besides ours, only the one of the extensions is opened to the API roles by its owner'
);
select is_empty(
  $$select name, grantee, privilege from tests.our_foreign_grants where class <> 'pg_namespace'::regclass$$,
  'S2 no table, view, column, sequence or function outside our schemas was granted to an API role'
);

select * from finish();
rollback;
