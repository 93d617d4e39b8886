-- Under row level security an index serves a caller's filter only if the operator is leakproof: those of text, uuid,
-- integers, dates and times are, those of enums, numeric and jsonb are not.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.leaky_columns as
  select distinct i.table_name, i.name as index_name, a.attname
  from tests.indexes as i
  join tests.tenant_tables as t on t.oid = i.table_oid and t.is_enrolled
  join pg_class as c on c.oid = i.oid
  join pg_am as m on m.oid = c.relam and m.amname = 'btree'
  join pg_index as x on x.indexrelid = i.oid
  cross join lateral unnest(i.keys) with ordinality as k (attnum, place)
  join pg_attribute as a on a.attrelid = i.table_oid and a.attnum = k.attnum
  join pg_opclass as o on o.oid = x.indclass[k.place - 1]
  join pg_amop as p on p.amopfamily = o.opcfamily and p.amoplefttype = o.opcintype and p.amoprighttype = o.opcintype
  join pg_operator as r on r.oid = p.amopopr
  join pg_proc as f on f.oid = r.oprcode
  where not f.proleakproof;

select cmp_ok(
  (select count(*) from tests.indexes as i join tests.tenant_tables as t on t.oid = i.table_oid where t.is_enrolled),
  '>', 30::bigint, 'T9 there are indexes to look at'
);
select is_empty('select * from tests.leaky_columns', 'T9 every index of a tenant table can serve the API''s filters');
select is_empty(
  $$select t.typname from pg_type as t where t.typtype = 'e' and t.typnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)$$,
  'S2 closed sets are text with a check: there is no enum'
);
select set_eq(
  $$select t.name from tests.tenant_tables as t
    where t.is_enrolled
      and not exists (
        select from pg_index as x
        where x.indrelid = t.oid and x.indpred is null
          and pg_get_indexdef(x.indexrelid) ~ '\(tenant_id, created_at( DESC)?, id( DESC)?\)'
      )$$,
  -- The ids of jobs count up with time: the primary key pages them, and the queue is spared an index.
  $$values ('public.tenants'), ('public.membership_branches'), ('public.job_queue'), ('public.finished_jobs')$$,
  'A2 every table is paged newest first by an index, but tenants, the few branches of a membership and jobs, paged by id'
);

select * from finish();
rollback;
