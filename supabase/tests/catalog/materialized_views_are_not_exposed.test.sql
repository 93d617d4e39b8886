-- A materialized view knows no policies. It stays in private; a view that filters by the caller's tenants stands before it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(5);

select cmp_ok((select count(*) from tests.relations where relkind = 'm'), '>', 1::bigint,
  'S4 there are materialized views to look at');
select is_empty(
  $$select name from tests.relations where relkind = 'm' and schema <> 'private'$$,
  'S4 every materialized view lives in private'
);
select is_empty(
  $$select r.name, g.grantee, g.privilege from tests.relations as r join tests.grants as g on g.name = r.name
    where r.relkind = 'm' and g.grantee in ('public', 'anon', 'authenticated', 'service_role')$$,
  'S4 no API role holds any right on a materialized view'
);
select is_empty(
  $$select m.name from tests.relations as m
    where m.relkind = 'm' and not exists (
      select from tests.relations as v
      where v.relkind = 'v' and v.schema = 'public' and v.name = replace(m.name, 'private.', 'public.')
        and has_table_privilege('authenticated', v.oid, 'select'))$$,
  'S4 every materialized view has its tenant-filtered view in public'
);
select is_empty(
  $$select m.name from tests.relations as m where m.relkind = 'm'
    and not exists (select from pg_index as i where i.indrelid = m.oid and i.indisunique and i.indpred is null and i.indkey[0] =
      (select attnum from pg_attribute where attrelid = m.oid and attname = 'tenant_id'))$$,
  'P2 every materialized view has a unique index, tenant first, so that it is refreshed while it is read'
);

select * from finish();
rollback;
