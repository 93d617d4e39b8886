-- Of two indexes that seem to cost the same the planner takes the younger one. Under row level security every index that
-- begins with the tenant may seem so: reads and writes by id, and counts, must get the primary key.
begin;
\ir ../helpers/cast.psql
select plan(2);

create view tests.keys as
  select e.relation, i.indexrelid, max(o.indexrelid) as youngest, count(*) as indexes
  from private.enrollments as e
  join pg_index as i on i.indrelid = e.relation::regclass and i.indisprimary
  join pg_index as o on o.indrelid = i.indrelid
  where e.tenant_column = 'tenant_id'
  group by e.relation, i.indexrelid;

select cmp_ok((select count(*) from tests.keys where indexes > 1), '>=', 9::bigint, 'F1 there are tables with several indexes');
select is_empty(
  $$select relation, youngest::regclass from tests.keys where indexrelid <> youngest$$,
  'F1 the primary key of every tenant table is its youngest index'
);

select * from finish();
rollback;
