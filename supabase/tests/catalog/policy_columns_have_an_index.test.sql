-- Each column that a policy compares stands in an index, first or right behind the tenant: a rule that every statement
-- is asked must not make the server look through a tenant's rows.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

create view tests.policy_columns as
  select distinct r.name as relation, a.attname::text as column_name, r.oid, a.attnum, t.tenant
  from pg_policy as p
  join tests.relations as r on r.oid = p.polrelid
  join pg_depend as d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
    and d.refclassid = 'pg_class'::regclass and d.refobjid = p.polrelid
  join pg_attribute as a on a.attrelid = p.polrelid and a.attnum = d.refobjsubid
  left join tests.tenant_tables as t on t.oid = r.oid;

select cmp_ok((select count(*) from tests.policy_columns), '>', 20::bigint, 'F2 there are columns to look at');
select isnt_empty(
  $$select from tests.policy_columns where relation = 'public.projects' and column_name = 'branch_id'$$,
  'F2 those behind the tenant are seen'
);
select set_eq(
  $$select c.relation, c.column_name from tests.policy_columns as c
    where not exists (
      select from tests.indexes as i
      where i.table_oid = c.oid and i.indisvalid and i.indpred is null
        and (i.keys[1] = c.attnum or (i.keys[1] = c.tenant and i.keys[2] = c.attnum))
    )$$,
  -- Asked of one row, found by its id.
  $$values ('public.users', 'is_active')$$,
  'F2 every column of a policy is served by an index, but for one that is asked of a single row'
);

select * from finish();
rollback;
