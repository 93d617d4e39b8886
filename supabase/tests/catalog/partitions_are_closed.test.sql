-- Policies act on the parent only: a partition that could be read directly would show every tenant.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select cmp_ok((select count(*) from tests.tables where relispartition), '>', 10::bigint,
  'S4 there are partitions to look at');
select is_empty(
  $$select name, grantee, privilege from tests.tables join tests.grants using (name)
    where relispartition and grantee in ('public', 'anon', 'authenticated', 'service_role')$$,
  'S4 no API role holds any right on a partition'
);
select is_empty(
  $$select name from tests.tables where relispartition and (schema <> 'private' or not relrowsecurity)$$,
  'S4 every partition lives in private and is closed by row level security besides'
);
select is_empty(
  $$select p.name from tests.tables as p where p.relkind = 'p'
    and (select count(*) from pg_inherits as i where i.inhparent = p.oid)
      <= coalesce((select r.months_ahead from ops.retention_policies as r where r.relation = p.name), 12)$$,
  'P2 every partitioned table has this month and those ahead'
);

select * from finish();
rollback;
