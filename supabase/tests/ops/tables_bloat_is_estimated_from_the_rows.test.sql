-- What the rows would need, freshly written, against what the table takes.
begin;
\ir ../helpers/cast.psql
select plan(11);

create table public.parcels (id bigint, note text, flag boolean, weight integer, at timestamptz)
  with (autovacuum_enabled = false);
insert into public.parcels
select n, repeat('x', 20 + (n % 7)::integer), n % 2 = 0, case when n % 3 = 0 then n end, now()
from generate_series(1, 40000) as n;
create index parcels_id_idx on public.parcels (id);
create index parcels_lower_idx on public.parcels (lower(note), id);
create view tests.bloat as select * from ops.get_table_bloat_stats() where table_name = 'parcels';
update ops.health_thresholds set warn = 1000000, critical = 100000000 where measure = 'bloat_bytes';

select is((select count(*) from tests.bloat), 0::bigint, 'P1 before the first analyze nothing is claimed');
analyze public.parcels;
select is((select count(*) from tests.bloat), 3::bigint, 'P1 the table and both indexes');
select cmp_ok((select max(bloat_percent) from tests.bloat where index_name is null), '<', 5.0, 'P1 freshly written, the table has no bloat');
select cmp_ok((select max(bloat_percent) from tests.bloat where index_name is not null), '<', 5.0, 'P1 nor have its indexes');
select is_empty('select * from ops.check_table_bloat()', 'P1 no finding');

delete from public.parcels where id % 20 <> 0;
analyze public.parcels;
select results_eq(
  $$select kind, bloat_percent between 93 and 96 from tests.bloat where index_name is null$$, $$values ('table', true)$$,
  'P1 95 % deleted: 95 % of the table is bloat'
);
select cmp_ok((select min(bloat_percent) from tests.bloat where index_name is not null), '>', 90.0, 'P1 and of the indexes');
select results_eq(
  'select key, status, remedy from ops.check_table_bloat()',
  $$values ('public.parcels', 'warn', 'vacuum (full, analyze) public.parcels;')$$,
  'P1 critical by percent and warn by bytes is a warning'
);
update ops.health_thresholds set warn = 100000, critical = 200000 where check_name = 'index_bloat' and measure = 'bloat_bytes';
select results_eq(
  'select key, status, remedy from ops.check_index_bloat() order by key',
  $$values
    ('public.parcels_id_idx', 'critical', 'reindex index concurrently public.parcels_id_idx;'),
    ('public.parcels_lower_idx', 'critical', 'reindex index concurrently public.parcels_lower_idx;')$$,
  'P1 each bloated index with what rebuilds it'
);
update ops.health_thresholds set warn = null, critical = null where measure = 'bloat_bytes';
select is_empty('select * from ops.check_table_bloat() union all select * from ops.check_index_bloat()',
  'P1 by default a few megabytes are left alone');
select throws_ok('select * from ops.get_table_bloat_stats(is_exact => true)', '0A000',
  'The extension pgstattuple is not installed.', 'P1 measuring needs an extension, and says so');

select * from finish();
rollback;
