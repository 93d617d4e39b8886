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
select set_eq(
  $$select t.name from tests.tenant_tables as t
    where t.is_enrolled and t.name <> 'public.tenants'
      and not exists (select from tests.tenant_keys as k where k.table_name = t.name and k.begins_here)$$,
  $$values
    ('public.audit_log'),
    -- Triggers stand for their keys, once a batch: jobs/tenant_takes_its_jobs_with_it, jobs/jobs_need_a_tenant_and_a_queue.
    ('public.job_queue'), ('public.finished_jobs')$$,
  'C12 every enrolled table hangs on its tenant, directly or by another table; the audit log outlives it, jobs do by triggers'
);

select * from finish();
rollback;
