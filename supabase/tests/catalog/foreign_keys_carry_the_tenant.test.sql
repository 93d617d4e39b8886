-- A foreign key between two tenant tables that leaves the tenant out lets a row point at another tenant's row.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.tenant_keys as
  select f.name, f.table_name, f.target_name, f.conkey[1] = t.tenant as begins_here,
    f.confkey[1] = u.tenant as begins_there
  from tests.foreign_keys as f
  join tests.tenant_tables as t on t.oid = f.conrelid
  join tests.tenant_tables as u on u.oid = f.confrelid;

select cmp_ok((select count(*) from tests.tenant_keys), '>', 10::bigint, 'S3 there are foreign keys to look at');
select is_empty(
  $$select table_name, name from tests.tenant_keys where not (begins_here and begins_there)$$,
  'S3 every foreign key between tenant tables begins with the tenant on both sides'
);
select is_empty(
  $$select table_name, name from tests.foreign_keys as f
    where target_name = 'public.tenants'
      and not exists (select from tests.tenant_tables as t where t.oid = f.conrelid and f.conkey = array[t.tenant])$$,
  'S3 a table points at tenants with its tenant column and with no other'
);
select is_empty(
  $$select t.name from tests.tenant_tables as t
    where t.is_enrolled and t.name not in ('public.tenants', 'public.audit_log')
      and not exists (select from tests.tenant_keys as k where k.table_name = t.name and k.begins_here)$$,
  'C12 every enrolled table hangs on its tenant, directly or by another table; the audit log outlives it'
);

select * from finish();
rollback;
