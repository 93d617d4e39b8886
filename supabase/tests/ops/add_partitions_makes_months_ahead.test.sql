-- Every table partitioned by time has this month and those ahead; calling again makes nothing.
begin;
\ir ../helpers/cast.psql
select plan(14);

select set_eq('select distinct created from ops.add_partitions()', array[0],
  'P2 all of a year are there: none is made');
select set_eq('select distinct created from ops.add_partitions(14)', array[2],
  'P2 two more months are two more partitions');
select set_eq('select distinct created from ops.add_partitions(14)', array[0], 'P2 once');

-- Should somebody open schema private by default one day, partitions are closed all the same.
alter default privileges in schema private grant all on tables to authenticated;
create table public.readings (tenant_id uuid not null, at timestamptz not null, value integer) partition by range (at);
create table public.shares (tenant_id uuid not null, kind text) partition by list (kind);
select set_eq('select relation, created from ops.add_partitions(1) where created > 0',
  $$values ('public.readings', 2)$$,
  'P2 a new table partitioned by time is served too, one by list is not');
select lives_ok(
  format('insert into public.readings (tenant_id, at) values (tests.tenant_id(''acme''), %s)', at),
  format('P2 %s has its partition', at)
)
from (values
  ('now()'), ('date_trunc(''month'', now() at time zone ''utc'') at time zone ''utc'''),
  ('(date_trunc(''month'', now() at time zone ''utc'') + interval ''2 months'') at time zone ''utc'' - interval ''1 microsecond''')
) as v (at);
select throws_ok(
  format('select ops.add_partitions(%s)', coalesce(months::text, 'null')), '22023',
  format('months must be between 1 and 60, not %s.', coalesce(months::text, 'null')),
  format('P2 not %s months', coalesce(months::text, 'null'))
)
from (values (0), (-1), (61), (null)) as v (months);
select is(
  (select count(*) from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'public.readings'::regclass and c.relnamespace = 'private'::regnamespace and c.relrowsecurity),
      2::bigint,
  'S4 the partitions are made in private, with row level security on'
);
select is_empty(
  $$select i.inhrelid::regclass from pg_inherits as i
    where i.inhparent = 'public.readings'::regclass and has_table_privilege('authenticated', i.inhrelid, 'select, insert, truncate')$$,
  'S4 and nobody holds a right on them'
);
select is(tests.rows_as('service', 'select from public.audit_log') > 0, true,
  'C8 the audit log can be read through its parent');

select * from finish();
rollback;
