-- A new table without a declaration fails here. The only table of public that is no tenant's is written down.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select cmp_ok((select count(*) from private.enrollments), '>=', 11::bigint, 'S2 there are declarations to look at');
select set_eq(
  $$select t.name from tests.tables as t
    where t.schema = 'public' and not t.relispartition
      and not exists (select from private.enrollments as e where e.relation = t.name) order by 1$$,
  $$values ('public.users')$$,
  'S2 every table of public is enrolled, but for the profiles, which belong to no tenant'
);
select is_empty(
  $$select e.relation from private.enrollments as e
    where not exists (select from tests.tables as t where t.name = e.relation and t.schema = 'public')$$,
  'S2 every declaration is of a table of public, under its plain name'
);
select set_eq(
  $$select name from tests.tables where schema <> 'public' and not relispartition
    and exists (select from pg_attribute as a where a.attrelid = oid and a.attname = 'tenant_id') order by 1$$,
  $$values ('ops.job_tenant_limits'), ('private.component_credentials'), ('private.invitation_tokens'),
    ('private.job_keys'), ('private.knowledge_accesses'), ('private.metric_watches'), ('private.task_readiness')$$,
  'S2 the tables outside public that hold tenants'' rows are written down'
);

select * from finish();
rollback;
