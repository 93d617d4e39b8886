-- Every table partitioned by time has this month and those ahead; calling again makes nothing.
begin;
\ir ../helpers/cast.psql
select plan(16);

select set_eq('select distinct created from ops.add_partitions()', array[0], 'P2 all are there: none is made');
select set_eq('select distinct created from ops.add_partitions(14)', array[2, 11],
  'P2 two months more than the year of the audit log, and eleven more than those of tables whose writers make their own');
select set_eq('select distinct created from ops.add_partitions(14)', array[0], 'P2 once');

-- Should somebody open schema private by default one day, partitions are closed all the same.
alter default privileges in schema private grant all on tables to authenticated;
create table public.readings (tenant_id uuid not null, at timestamptz not null, value integer) partition by range (at);
create table public.shares (tenant_id uuid not null, kind text) partition by list (kind);
select set_eq('select relation, created from ops.add_partitions(1) where created > 0',
  $$values ('public.readings', 2)$$,
  'P2 a new table partitioned by time is served too, one by list is not');
select set_eq('select relation, created from ops.add_partitions() where created > 0',
  $$values ('public.readings', 11)$$, 'P2 a year of it when nothing else is said');
insert into ops.retention_policies (relation, time_column, least_keep, months_ahead, description)
values ('public.readings', 'at', '1 day', 14, 'Of a test.');
select set_eq('select relation, created from ops.add_partitions() where created > 0',
  $$values ('public.readings', 2)$$, 'P2 and as many as its policy says');
select throws_ok($$update ops.retention_policies set months_ahead = 61$$, '23514',
  'new row for relation "retention_policies" violates check constraint "months_ahead_is_between_1_and_60"',
  'P2 which are at most sixty');
select lives_ok(
  format('insert into public.readings (tenant_id, at) values (tests.tenant_id(''acme''), %s)', at),
  format('P2 %s has its partition', at)
)
from (values
  ('now()'), ('date_trunc(''month'', now() at time zone ''utc'') at time zone ''utc'''),
  ('(date_trunc(''month'', now() at time zone ''utc'') + interval ''2 months'') at time zone ''utc'' - interval ''1 microsecond''')
) as v (at);
select throws_ok(
  format('select ops.add_partitions(%s)', months), '22023',
  format('months must be between 1 and 60, not %s.', months),
  format('P2 not %s months', months)
)
from (values (0), (-1), (61)) as v (months);
select is(
  (select count(*) from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'public.readings'::regclass and c.relnamespace = 'private'::regnamespace and c.relrowsecurity),
    15::bigint,
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
