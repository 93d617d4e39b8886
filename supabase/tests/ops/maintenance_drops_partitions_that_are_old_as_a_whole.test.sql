-- A partition goes when its whole range is older than its table keeps; one that reaches into younger days stays.
begin;
\ir ../helpers/cast.psql
select plan(13);

create table public.readings (tenant_id uuid not null, at timestamptz not null, other timestamptz) partition by range (at);
create function tests.days_ago(days integer) returns timestamptz language sql stable
  return date_trunc('day', now()) - make_interval(days => days);
do $$
begin
  execute format('create table private.readings_oldest partition of public.readings for values from (minvalue) to (%L)', tests.days_ago(300));
  execute format('create table private.readings_old partition of public.readings for values from (%L) to (%L)', tests.days_ago(300), tests.days_ago(100));
  execute format('create table private.readings_edge partition of public.readings for values from (%L) to (%L)', tests.days_ago(100), tests.days_ago(50));
  execute format('create table private.readings_new partition of public.readings for values from (%L) to (maxvalue)', tests.days_ago(10));
  create table private.readings_rest partition of public.readings default;
end
$$;
-- Days 400 and 200 are old, 99 and 60 share a partition, 30 falls into the default one, 5 is new.
insert into public.readings (tenant_id, at)
select tests.tenant_id('acme'), tests.days_ago(d) from unnest(array[400, 399, 200, 99, 60, 30, 5]) as d;
insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values ('public.readings', 'at', null, '30 days', 'A test.');

create view tests.partitions as
  select i.inhrelid::regclass::text as name from pg_inherits as i where i.inhparent = 'public.readings'::regclass;
select results_eq('select * from ops.clean_up(''public.readings'')', $$values (0::bigint, false)$$,
  'P2 kept for ever, nothing goes');
select is((select count(*) from tests.partitions), 5::bigint, 'P2 all partitions are there');
update ops.retention_policies set keep = '90 days' where relation = 'public.readings';
select results_eq(
  $$select * from ops.drop_old_partitions('public.readings', 'at', now() - interval '90 days', 1)$$,
  $$values (2::bigint, true)$$, 'P2 the oldest goes first');
select results_eq('select * from ops.clean_up(''public.readings'')', $$values (1::bigint, false)$$,
  'P2 the rows of the other old one go');
select set_eq('select name from tests.partitions',
  array['private.readings_edge', 'private.readings_new', 'private.readings_rest'],
  'P2 with their partitions; one that holds younger rows stays, and so do those without an end');
select is((select count(*) from public.readings where at < now() - interval '90 days'), 1::bigint,
  'P2 with its older rows too');
select results_eq('select * from ops.clean_up(''public.readings'')', $$values (0::bigint, false)$$, 'P2 once');

select results_eq(
  $$select * from ops.drop_old_partitions('public.readings', 'at', now() - interval '1 day', 0)$$,
  $$values (0::bigint, true)$$, 'P2 no more than it is told go at once, and it says that there are more');
select results_eq(
  $$select * from ops.drop_old_partitions('public.readings', 'at', now() - interval '1 day', 1)$$,
  $$values (2::bigint, false)$$, 'P2 the next goes when its time has come');
select throws_ok(
  format('select ops.drop_old_partitions(%L, %L, now(), 1)', name, time_column), '42P16',
  format('%s is not partitioned by ranges of %s alone.', name, time_column), format('P2 not %s by %s', name, time_column))
from (values ('public.readings', 'other'), ('public.projects', 'created_at')) as v (name, time_column);
select is((select keep from ops.retention_policies where relation = 'public.audit_log'), null,
  'C8 the audit log is kept for ever unless an operator says otherwise');
select is_empty($$select from ops.plan_maintenance('full') where target = 'public.audit_log' and name = 'clean_up'$$,
  'C8 so no run touches it');

select * from finish();
rollback;
