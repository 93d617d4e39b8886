-- A snapshot stores each metric as often as its row says, and what it stores is what the server says.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/samples.psql
select plan(12);

select cmp_ok(ops.take_snapshot(now()), '>', 50, 'P4 the first takes all');
select is(
  (select value from ops.metric_samples where metric = 'table_bytes' and subject = 'public.projects'),
  pg_total_relation_size('public.projects')::double precision, 'P4 the size of a table'
);
select is(
  (select value from ops.metric_samples where metric = 'table_bytes' and subject = 'public.audit_log'),
  (select sum(pg_total_relation_size(inhrelid))::double precision from pg_inherits where inhparent = 'public.audit_log'::regclass),
  'P4 a partitioned table is one, with all its parts'
);
select is_empty($$select from ops.metric_samples where subject like 'private.audit_log_%'$$, 'P4 its parts are not beside it');
select results_eq(
  $$select count(*) from ops.metric_samples where metric = 'connections' and value >= 1$$, array[1::bigint], 'P4 connections, at least this one'
);
select cmp_ok((select count(*) from ops.metric_samples where metric = 'query_calls'), '>', 0::bigint, 'P4 statements and their calls');
select is(ops.take_snapshot(now() + interval '5 minutes'), 0, 'P4 five minutes later nothing is due');
select cmp_ok(ops.take_snapshot(now() + interval '15 minutes'), '>=', 5, 'P4 a quarter of an hour later some are');
select set_eq(
  $$select m.name from ops.metrics as m where m.last_sampled_at > now()$$,
  $$select m.name from ops.metrics as m where m.sample_every < interval '15 minutes'$$, 'P4 the quick ones, and no others'
);

delete from ops.metric_samples;
select tests.sample('blocks_hit', '', '1 hour', 0), tests.sample('blocks_read', '', '1 hour', 0);
select ops.take_snapshot(now() + interval '30 minutes');
select is(
  (select round(value) from ops.metric_samples where metric = 'cache_hit_percent'),
  (select round(100.0 * h.value / (h.value + r.value)) from ops.metric_samples as h join ops.metric_samples as r using (sampled_at)
    where h.metric = 'blocks_hit' and r.metric = 'blocks_read' and h.value > 0)::double precision,
  'P4 the cache hit is that of the stretch since the last sample'
);
select is(ops.last_growth('temp_bytes', now()), null, 'P4 one sample is no growth');
select tests.sample('temp_bytes', '', '20 minutes', 900), tests.sample('temp_bytes', '', '10 minutes', 100);
select is(ops.last_growth('temp_bytes', now()), null, 'P4 a counter that fell was reset');

select * from finish();
rollback;
