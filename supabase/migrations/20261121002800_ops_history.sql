-- The past of the database: each health run, and samples of what grows and what it carries. (P4)
-- From them: a straight-line forecast of growth, what is usual at an hour of the week, a statement
-- against its own past, and each tenant's share. Counters are stored as they stand and turned into
-- differences when read, where a reset is seen.

create function ops.threshold(check_name text, measure text)
  returns numeric
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_value numeric;
begin
  select coalesce(t.warn, t.default_warn) into strict v_value
  from ops.health_thresholds as t
  where t.check_name = threshold.check_name and t.measure = threshold.measure;
  return v_value;
end
$$;
comment on function ops.threshold(text, text) is
  'The number at which a check begins to warn, for measures that are a condition and not a '
  'judgement, such as a minimum of samples. Raises P0002 for a threshold that is not there.';
revoke all on function ops.threshold(text, text) from public, anon, authenticated, service_role;


create table ops.health_runs (
  id uuid not null default private.uuid_v7(),
  started_at timestamptz not null,
  duration_ms numeric(12, 3) constraint duration_is_not_negative check (duration_ms >= 0),
  status text not null default 'unknown'
    constraint status_is_known check (status in ('ok', 'warn', 'critical', 'unknown')),
  result jsonb not null default '{}' constraint result_is_an_object check (jsonb_typeof(result) = 'object'),
  constraint health_runs_pkey primary key (id)
);
comment on table ops.health_runs is 'One row for each recorded health run.';
comment on column ops.health_runs.result is
  'What ops.database_health_check() answered, and under snapshot how many samples were stored.';

create index health_runs_started_at_idx on ops.health_runs (started_at desc);

alter table ops.health_runs enable row level security;
revoke all on ops.health_runs from public, anon, authenticated, service_role;
grant select on ops.health_runs to service_role;


create table ops.metrics (
  name text not null constraint name_is_lower_case_words check (name ~ '^[a-z0-9]+(_[a-z0-9]+)*$'),
  description text not null,
  unit text not null,
  kind text not null constraint kind_is_known check (kind in ('gauge', 'counter')),
  sample_every interval not null constraint samples_are_a_minute_apart check (sample_every >= interval '1 minute'),
  worse text constraint worse_is_known check (worse in ('above', 'below')),
  noise double precision not null default 0 constraint noise_is_not_negative check (noise >= 0),
  is_enabled boolean not null default true,
  last_sampled_at timestamptz,
  constraint metrics_pkey primary key (name)
);
comment on table ops.metrics is 'What is sampled at a health run, and how often at most.';
comment on column ops.metrics.kind is
  'gauge: a level. counter: only grows until it is reset; read as differences.';
comment on column ops.metrics.worse is
  'Which side of its usual value is odd. Null: no usual value is kept for this metric.';
comment on column ops.metrics.noise is
  'A difference from the usual value that means nothing; of a counter, the difference an hour.';

alter table ops.metrics enable row level security;
revoke all on ops.metrics from public, anon, authenticated, service_role;
grant select, update (sample_every, noise, is_enabled) on ops.metrics to service_role;

insert into ops.metrics (name, description, unit, kind, sample_every, worse, noise)
values
  ('database_bytes', 'The size of the database.', 'bytes', 'gauge', '1 hour', null, 0),
  ('connections', 'Connections of clients to the server.', 'connections', 'gauge', '10 minutes', 'above', 5),
  ('transactions', 'Transactions that ended, well or not.', 'transactions', 'counter', '10 minutes', 'above', 1000),
  ('blocks_hit', 'Blocks found in shared buffers.', 'blocks', 'counter', '10 minutes', null, 0),
  ('blocks_read', 'Blocks not found there.', 'blocks', 'counter', '10 minutes', null, 0),
  ('cache_hit_percent', 'Blocks found in shared buffers since the sample before.', 'percent', 'gauge', '10 minutes',
    'below', 1),
  ('temp_bytes', 'Bytes written to temporary files.', 'bytes', 'counter', '10 minutes', 'above', 100000000),
  ('table_bytes', 'A table with its indexes, TOAST and partitions.', 'bytes', 'gauge', '6 hours', null, 0),
  ('table_rows', 'Rows of a table and its partitions, estimated.', 'rows', 'gauge', '6 hours', null, 0),
  ('query_calls', 'Calls of one of the hundred most expensive statements.', 'calls', 'counter', '1 hour', null, 0),
  ('query_ms', 'Time spent in one of these statements.', 'ms', 'counter', '1 hour', null, 0),
  ('tenant_bytes', 'Bytes of one of the hundred largest tenants, estimated.', 'bytes', 'gauge', '6 hours', null, 0),
  ('tenant_rows', 'Rows of one of these tenants, estimated.', 'rows', 'gauge', '6 hours', null, 0),
  ('tenant_calls', 'Messages one of these tenants sent this month.', 'messages', 'counter', '6 hours', null, 0);


create table ops.metric_samples (
  metric text not null,
  subject text not null default '',
  sampled_at timestamptz not null,
  value double precision not null,
  constraint metric_samples_pkey primary key (metric, subject, sampled_at),
  constraint metric_samples_metric_fkey foreign key (metric)
    references ops.metrics (name) on update cascade on delete cascade
);
comment on table ops.metric_samples is 'The samples of ops.metrics. Some 10 000 rows a day.';
comment on column ops.metric_samples.subject is
  'What the value is of: a table, a queryid, the id of a tenant; empty for the whole.';

-- Rows come in order of time: a few pages of index serve the clean-up.
create index metric_samples_sampled_at_idx on ops.metric_samples using brin (sampled_at);

alter table ops.metric_samples enable row level security;
revoke all on ops.metric_samples from public, anon, authenticated, service_role;
grant select on ops.metric_samples to service_role;


create function ops.list_table_sizes()
  returns table (table_name text, bytes bigint, estimated_rows bigint)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I', n.nspname, r.relname),
    -- A sum without one of its parts would look like a table that shrank.
    case when bool_and(m.bytes is not null) then sum(m.bytes)::bigint end,
    sum(m.estimated_rows)::bigint
  from (
    select
      coalesce(pg_catalog.pg_partition_root(c.oid)::oid, c.oid) as root,
      ops.relation_bytes(c.oid) as bytes,
      -- The planner's count is -1 until the table was analyzed once.
      coalesce(nullif(s.n_live_tup, 0), greatest(c.reltuples, 0)::bigint) as estimated_rows
    from pg_catalog.pg_class as c
    left join pg_catalog.pg_stat_all_tables as s on s.relid = c.oid
    where c.relkind in ('r', 'm') and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
  ) as m
  join pg_catalog.pg_class as r on r.oid = m.root
  join pg_catalog.pg_namespace as n on n.oid = r.relnamespace
  group by n.nspname, r.relname;
end
$$;
comment on function ops.list_table_sizes() is
  'Tables and materialized views of public, private and ops, a partitioned one as a whole. bytes: '
  'with indexes and TOAST, null while a part is locked. estimated_rows: from the statistics.';
revoke all on function ops.list_table_sizes() from public, anon, authenticated, service_role;


create function ops.get_tenant_shares()
  returns table (
    tenant_id uuid,
    name text,
    estimated_rows bigint,
    estimated_bytes bigint,
    share_percent numeric,
    calls_this_month bigint
  )
  language plpgsql
  volatile
  security definer -- reads the statistics and sizes of every tenant's tables
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with tenant_columns as materialized (
    select c.oid, n.nspname, c.relname, greatest(c.reltuples, 0) as estimated_rows, ops.relation_bytes(c.oid) as bytes
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind = 'r'
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname in ('public', 'private')
    where a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype and not a.attisdropped
  ),
  parts as (
    select
      v.tenant::uuid as tenant_id,
      sum(t.estimated_rows * v.frequency) as estimated_rows,
      sum(t.bytes * v.frequency) as estimated_bytes
    from tenant_columns as t
    join pg_catalog.pg_stats as s
      on s.schemaname = t.nspname and s.tablename = t.relname and s.attname = 'tenant_id' and not s.inherited
    cross join lateral unnest(s.most_common_vals::text::text[], s.most_common_freqs) as v (tenant, frequency)
    group by v.tenant
  )
  select
    p.tenant_id,
    t.name,
    p.estimated_rows::bigint,
    p.estimated_bytes::bigint,
    round((100 * p.estimated_bytes / nullif((select sum(c.bytes) from tenant_columns as c), 0)::double precision)::numeric, 1),
    u.messages
  from parts as p
  left join public.tenants as t on t.id = p.tenant_id
  left join private.monthly_usage_summary as u
    on u.tenant_id = p.tenant_id and u.month = date_trunc('month', now() at time zone 'utc')::date
  order by p.estimated_bytes desc nulls last, p.tenant_id;
end
$$;
comment on function ops.get_tenant_shares() is
  'Each tenant''s part of the tables with a tenant, largest first. estimated_rows and '
  'estimated_bytes follow from the planner''s most common values as of the last ANALYZE, with rows '
  'taken to be equally wide: nothing is counted or locked, and a tenant too small for the '
  'statistics is missing. share_percent: of the bytes of all these tables. calls_this_month: '
  'messages in the usage summary, null where none are known. Raises 42501 unless the service role '
  'or a platform administrator asks.';
revoke all on function ops.get_tenant_shares() from public, anon, authenticated, service_role;
grant execute on function ops.get_tenant_shares() to authenticated, service_role;


create function ops.take_snapshot(at timestamptz default now())
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  -- A minute of grace: runs are never exactly as far apart as their schedule says.
  v_due constant text[] := array(
    select m.name
    from ops.metrics as m
    where m.is_enabled
      and (m.last_sampled_at is null or m.last_sampled_at <= take_snapshot.at - m.sample_every + interval '1 minute')
  );
  v_count integer;
  v_total integer := 0;
begin
  insert into ops.metric_samples (metric, sampled_at, value)
  select v.metric, take_snapshot.at, v.value
  from pg_catalog.pg_stat_database as d
  cross join lateral (
    values
      ('transactions', (d.xact_commit + d.xact_rollback)::double precision),
      ('blocks_hit', d.blks_hit),
      ('blocks_read', d.blks_read),
      ('temp_bytes', d.temp_bytes),
      ('connections', (
        select count(*) from pg_catalog.pg_stat_activity as a where a.backend_type = 'client backend'
      ))
  ) as v (metric, value)
  where d.datname = current_database() and v.metric = any (v_due)
  on conflict do nothing;
  get diagnostics v_count = row_count;
  v_total := v_total + v_count;

  if 'cache_hit_percent' = any (v_due) then
    insert into ops.metric_samples (metric, sampled_at, value)
    select 'cache_hit_percent', take_snapshot.at, 100 * h.growth / (h.growth + r.growth)
    from ops.last_growth('blocks_hit', take_snapshot.at) as h (growth)
    cross join ops.last_growth('blocks_read', take_snapshot.at) as r (growth)
    where h.growth + r.growth > 0
    on conflict do nothing;
    get diagnostics v_count = row_count;
    v_total := v_total + v_count;
  end if;

  if 'database_bytes' = any (v_due) then
    insert into ops.metric_samples (metric, sampled_at, value)
    values ('database_bytes', take_snapshot.at, pg_catalog.pg_database_size(current_database()))
    on conflict do nothing;
    get diagnostics v_count = row_count;
    v_total := v_total + v_count;
  end if;

  if v_due && '{table_bytes, table_rows}' then
    insert into ops.metric_samples (metric, subject, sampled_at, value)
    select v.metric, t.table_name, take_snapshot.at, v.value
    from ops.list_table_sizes() as t
    cross join lateral (values ('table_bytes', t.bytes), ('table_rows', t.estimated_rows)) as v (metric, value)
    where v.value is not null and v.metric = any (v_due)
    on conflict do nothing;
    get diagnostics v_count = row_count;
    v_total := v_total + v_count;
  end if;

  if v_due && '{tenant_bytes, tenant_rows, tenant_calls}' then
    insert into ops.metric_samples (metric, subject, sampled_at, value)
    select v.metric, t.tenant_id::text, take_snapshot.at, v.value
    from (select * from ops.get_tenant_shares() limit 100) as t
    cross join lateral (
      values
        ('tenant_bytes', t.estimated_bytes),
        ('tenant_rows', t.estimated_rows),
        ('tenant_calls', t.calls_this_month)
    ) as v (metric, value)
    where v.value is not null and v.metric = any (v_due)
    on conflict do nothing;
    get diagnostics v_count = row_count;
    v_total := v_total + v_count;
  end if;

  if v_due && '{query_calls, query_ms}' then
    begin
      insert into ops.metric_samples (metric, subject, sampled_at, value)
      select v.metric, s.query_id::text, take_snapshot.at, v.value
      from (
        select r.query_id, sum(r.calls) as calls, sum(r.total_ms) as total_ms
        from ops.read_statements() as r
        where r.query_id is not null
        group by r.query_id
        order by total_ms desc
        limit 100
      ) as s
      cross join lateral (values ('query_calls', s.calls::double precision), ('query_ms', s.total_ms)) as v (metric, value)
      where v.metric = any (v_due)
      on conflict do nothing;
      get diagnostics v_count = row_count;
      v_total := v_total + v_count;
    exception
      -- Without the extension there is nothing to sample; the check on these samples says so.
      when feature_not_supported then
        null;
    end;
  end if;

  update ops.metrics as m set last_sampled_at = take_snapshot.at where m.name = any (v_due);
  return v_total;
end
$$;
comment on function ops.take_snapshot(timestamptz) is
  'Stores a sample of every metric that is due at that time. Returns how many rows.';
revoke all on function ops.take_snapshot(timestamptz) from public, anon, authenticated, service_role;


create function ops.last_growth(metric text, at timestamptz)
  returns double precision
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_values double precision[];
begin
  v_values := array(
    select s.value
    from ops.metric_samples as s
    where s.metric = last_growth.metric and s.subject = '' and s.sampled_at <= last_growth.at
    order by s.sampled_at desc
    limit 2
  );
  return case when v_values[1] >= v_values[2] then v_values[1] - v_values[2] end;
end
$$;
comment on function ops.last_growth(text, timestamptz) is
  'How much a counter grew between its last two samples up to a time. Null after a reset and before '
  'the second sample.';
revoke all on function ops.last_growth(text, timestamptz) from public, anon, authenticated, service_role;


create function ops.get_table_growth(period interval default '30 days', full_at bigint default null)
  returns table (
    kind text,
    name text,
    samples integer,
    first_sampled_at timestamptz,
    last_sampled_at timestamptz,
    bytes bigint,
    bytes_a_day numeric,
    fit numeric,
    full_bytes bigint,
    days_until_full numeric
  )
  language plpgsql
  stable
  security definer -- nobody but the service role may read the samples
  set search_path = ''
as $$
declare
  v_full constant bigint := coalesce(get_table_growth.full_at, ops.threshold('table_growth', 'full_bytes')::bigint);
  v_samples constant integer := ops.threshold('table_growth', 'minimum_samples')::integer;
  v_days constant numeric := ops.threshold('table_growth', 'minimum_days');
begin
  perform private.require_operator();
  if get_table_growth.period <= interval '0' or v_full <= 0 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'period and full_at must be above 0.';
  end if;
  return query
  select
    case g.metric when 'database_bytes' then 'database' else 'table' end,
    case g.metric when 'database_bytes' then current_database()::text else g.subject end,
    g.samples,
    g.first_at,
    g.last_at,
    g.bytes::bigint,
    round(g.slope::numeric),
    round(g.r2::numeric, 3),
    v_full,
    case
      when g.bytes >= v_full then 0
      -- A fall, or a slope so small that it means no day a calendar has.
      when g.slope >= 1 then round(((v_full - g.bytes) / g.slope)::numeric, 1)
    end
  from (
    select
      f.*,
      case when f.is_enough then f.line end as slope,
      case when f.is_enough then f.line_fit end as r2
    from (
      select
        s.metric,
        s.subject,
        count(*)::integer as samples,
        min(s.sampled_at) as first_at,
        max(s.sampled_at) as last_at,
        (array_agg(s.value order by s.sampled_at desc))[1] as bytes,
        regr_slope(s.value, extract(epoch from s.sampled_at)::double precision / 86400) as line,
        regr_r2(s.value, extract(epoch from s.sampled_at)::double precision / 86400) as line_fit,
        count(*) >= v_samples and extract(epoch from max(s.sampled_at) - min(s.sampled_at)) / 86400 >= v_days as is_enough
      from ops.metric_samples as s
      where s.metric in ('database_bytes', 'table_bytes') and s.sampled_at > now() - get_table_growth.period
      group by s.metric, s.subject
    ) as f
  ) as g
  order by g.slope desc nulls last, g.metric, g.subject;
end
$$;
comment on function ops.get_table_growth(interval, bigint) is
  'The size of the database and of every table with a straight line (least squares) through the '
  'samples of a period. bytes: at the last sample; bytes_a_day: the slope, null below the minimum '
  'of samples or days (thresholds of table_growth); fit: r squared, 1 is a perfect line; '
  'days_until_full: until full_bytes, which is full_at or the threshold; null when it is not '
  'growing. Raises 22023 unless both arguments are above 0, 42501 unless the service role or a '
  'platform administrator asks.';
revoke all on function ops.get_table_growth(interval, bigint) from public, anon, authenticated, service_role;
grant execute on function ops.get_table_growth(interval, bigint) to authenticated, service_role;


create function ops.get_metric_anomalies(period interval default '56 days')
  returns table (
    metric text,
    unit text,
    sampled_at timestamptz,
    value numeric,
    usual_value numeric,
    usual_deviation numeric,
    samples integer,
    score numeric
  )
  language plpgsql
  stable
  security definer -- nobody but the service role may read the samples
  set search_path = ''
as $$
declare
  v_samples constant integer := ops.threshold('metric_anomalies', 'minimum_samples')::integer;
begin
  perform private.require_operator();
  return query
  with points as materialized (
    select
      s.metric,
      m.unit,
      m.worse,
      m.noise,
      s.sampled_at,
      extract(isodow from s.sampled_at at time zone 'utc') * 24 + extract(hour from s.sampled_at at time zone 'utc') as hour,
      case
        when m.kind = 'gauge' then s.value
        when s.value >= lag(s.value) over w then
          (s.value - lag(s.value) over w)
          / nullif(extract(epoch from s.sampled_at - lag(s.sampled_at) over w)::double precision, 0) * 3600
      end as value
    from ops.metrics as m
    join ops.metric_samples as s on s.metric = m.name and s.subject = ''
    where m.worse is not null and s.sampled_at > now() - get_metric_anomalies.period
    window w as (partition by s.metric order by s.sampled_at)
  ),
  latest as (
    select distinct on (p.metric) p.*
    from points as p
    where p.sampled_at > now() - interval '1 hour'
    order by p.metric, p.sampled_at desc
  ),
  -- The same hour of earlier weeks; this week's would make a slow rise its own excuse.
  past as (
    select l.metric, p.value
    from latest as l
    join points as p on p.metric = l.metric and p.hour = l.hour and p.sampled_at < l.sampled_at - interval '6 days'
    where p.value is not null
  ),
  medians as (
    select p.metric, count(*)::integer as samples, percentile_cont(0.5) within group (order by p.value) as median
    from past as p
    group by p.metric
  ),
  deviations as (
    select p.metric, percentile_cont(0.5) within group (order by abs(p.value - m.median)) as mad
    from past as p
    join medians as m on m.metric = p.metric
    group by p.metric
  )
  select
    l.metric,
    l.unit,
    l.sampled_at,
    round(l.value::numeric, 2),
    round(m.median::numeric, 2),
    -- 1.4826 makes it comparable with a standard deviation.
    round((1.4826 * d.mad)::numeric, 2),
    coalesce(m.samples, 0),
    case
      when m.samples >= v_samples and l.value is not null then
        round((
          greatest(0, case l.worse when 'above' then l.value - m.median else m.median - l.value end)
          -- A past without any spread must not make the first small step an anomaly.
          / greatest(1.4826 * d.mad, l.noise, 0.02 * abs(m.median), 1e-9)
        )::numeric, 1)
    end
  from latest as l
  left join medians as m on m.metric = l.metric
  left join deviations as d on d.metric = l.metric
  order by 8 desc nulls last, l.metric;
end
$$;
comment on function ops.get_metric_anomalies(interval) is
  'The last value of each metric against what is usual at this hour of the week (UTC) in earlier '
  'weeks of a period: usual_value is the median, usual_deviation 1.4826 x the median absolute '
  'deviation, samples how many there were. score: deviations on the bad side, 0 on the good one, '
  'null below the minimum of samples (threshold of metric_anomalies). Counters are values an hour. '
  'Raises 42501 unless the service role or a platform administrator asks.';
revoke all on function ops.get_metric_anomalies(interval) from public, anon, authenticated, service_role;
grant execute on function ops.get_metric_anomalies(interval) to authenticated, service_role;


create function ops.get_query_regressions(recent interval default '3 hours', period interval default '7 days')
  returns table (
    queryid bigint,
    recent_calls bigint,
    recent_mean_ms numeric,
    past_calls bigint,
    past_mean_ms numeric,
    factor numeric
  )
  language plpgsql
  stable
  security definer -- nobody but the service role may read the samples
  set search_path = ''
as $$
declare
  v_calls constant integer := ops.threshold('query_regressions', 'minimum_calls')::integer;
begin
  perform private.require_operator();
  return query
  with samples as (
    select s.subject, s.sampled_at,
      max(s.value) filter (where s.metric = 'query_calls') as calls,
      max(s.value) filter (where s.metric = 'query_ms') as ms
    from ops.metric_samples as s
    where s.metric in ('query_calls', 'query_ms') and s.sampled_at > now() - get_query_regressions.period
    group by s.subject, s.sampled_at
  ),
  steps as (
    select s.subject, s.sampled_at, s.calls - lag(s.calls) over w as calls, s.ms - lag(s.ms) over w as ms
    from samples as s
    window w as (partition by s.subject order by s.sampled_at)
  ),
  sums as (
    select
      s.subject,
      sum(s.calls) filter (where s.sampled_at > now() - get_query_regressions.recent) as recent_calls,
      sum(s.ms) filter (where s.sampled_at > now() - get_query_regressions.recent) as recent_ms,
      sum(s.calls) filter (where s.sampled_at <= now() - get_query_regressions.recent) as past_calls,
      sum(s.ms) filter (where s.sampled_at <= now() - get_query_regressions.recent) as past_ms
    from steps as s
    -- A step down is a reset of the statistics: nothing can be said of that stretch.
    where s.calls > 0 and s.ms >= 0
    group by s.subject
  )
  select
    s.subject::bigint,
    s.recent_calls::bigint,
    round((s.recent_ms / s.recent_calls)::numeric, 3),
    s.past_calls::bigint,
    round((s.past_ms / s.past_calls)::numeric, 3),
    round((s.recent_ms / s.recent_calls / greatest(s.past_ms / s.past_calls, 0.001))::numeric, 2)
  from sums as s
  where s.recent_calls >= v_calls and s.past_calls >= v_calls
  order by 6 desc, s.subject;
end
$$;
comment on function ops.get_query_regressions(interval, interval) is
  'The mean time of a statement in the recent stretch against its own mean before that, within a '
  'period; factor: the one divided by the other. Only statements with the minimum of calls '
  '(threshold of query_regressions) in both; stretches with a reset of the statistics are left '
  'out. Raises 42501 unless the service role or a platform administrator asks.';
revoke all on function ops.get_query_regressions(interval, interval)
  from public, anon, authenticated, service_role;
grant execute on function ops.get_query_regressions(interval, interval) to authenticated, service_role;


create function ops.check_table_growth()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_growth record;
  v_is_known boolean := false;
  v_status text;
begin
  for v_growth in select g.* from ops.get_table_growth() as g where g.bytes_a_day is not null loop
    v_is_known := true;
    if v_growth.kind = 'database' then
      v_status := ops.judge('table_growth', 'days_until_full', v_growth.days_until_full);
      if v_status <> 'ok' then
        return next (
          'database ' || v_growth.name,
          v_status,
          format('The database has %s and reaches %s in %s days, growing by %s a day.',
            pg_size_pretty(v_growth.bytes), pg_size_pretty(v_growth.full_bytes), v_growth.days_until_full,
            pg_size_pretty(v_growth.bytes_a_day)),
          jsonb_build_object('size_bytes', v_growth.bytes, 'bytes_a_day', v_growth.bytes_a_day, 'fit', v_growth.fit,
            'full_bytes', v_growth.full_bytes, 'days_until_full', v_growth.days_until_full),
          null
        )::ops.finding;
      end if;
    elsif v_growth.bytes >= ops.threshold('table_growth', 'minimum_bytes') then
      v_status := ops.judge('table_growth', 'percent_a_day', 100 * v_growth.bytes_a_day / v_growth.bytes);
      if v_status <> 'ok' then
        return next (
          v_growth.name,
          v_status,
          format('%s has %s and grows by %s a day.',
            v_growth.name, pg_size_pretty(v_growth.bytes), pg_size_pretty(v_growth.bytes_a_day)),
          jsonb_build_object('size_bytes', v_growth.bytes, 'bytes_a_day', v_growth.bytes_a_day, 'fit', v_growth.fit,
            'percent_a_day', round(100 * v_growth.bytes_a_day / v_growth.bytes, 1)),
          null
        )::ops.finding;
      end if;
    end if;
  end loop;
  if not v_is_known then
    raise exception using
      errcode = 'feature_not_supported',
      message = format('Too few samples yet: a forecast needs %s over %s days.',
        ops.threshold('table_growth', 'minimum_samples'), ops.threshold('table_growth', 'minimum_days'));
  end if;
end
$$;
comment on function ops.check_table_growth() is
  'The database on its way to the size of its disk, and tables that grow by a large part of '
  'themselves each day. Raises 0A000 while there are too few samples.';
revoke all on function ops.check_table_growth() from public, anon, authenticated, service_role;


create function ops.check_noisy_tenant()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_tenant record;
  v_is_known boolean := false;
  v_statuses text[];
begin
  for v_tenant in select s.*, count(*) over () as tenants from ops.get_tenant_shares() as s loop
    v_is_known := true;
    -- Of two tenants one always has half.
    continue when v_tenant.tenants < ops.threshold('noisy_tenant', 'minimum_tenants');
    v_statuses := array[
      ops.judge('noisy_tenant', 'share_percent', v_tenant.share_percent),
      ops.judge('noisy_tenant', 'bytes', v_tenant.estimated_bytes)
    ];
    continue when 'ok' = any (v_statuses);
    return next (
      v_tenant.tenant_id::text,
      case when 'warn' = any (v_statuses) then 'warn' else 'critical' end,
      format('Tenant %s holds about %s %% of all tenants'' data (%s).',
        coalesce(v_tenant.name, v_tenant.tenant_id::text), v_tenant.share_percent, pg_size_pretty(v_tenant.estimated_bytes)),
      jsonb_build_object('tenant_id', v_tenant.tenant_id, 'estimated_rows', v_tenant.estimated_rows,
        'estimated_bytes', v_tenant.estimated_bytes, 'share_percent', v_tenant.share_percent,
        'calls_this_month', v_tenant.calls_this_month),
      null
    )::ops.finding;
  end loop;
  if not v_is_known then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'The planner has no statistics of tenants yet: ANALYZE makes them.';
  end if;
end
$$;
comment on function ops.check_noisy_tenant() is
  'A tenant with both a large share of all tenants'' data and a large size. Raises 0A000 while the '
  'planner has no statistics.';
revoke all on function ops.check_noisy_tenant() from public, anon, authenticated, service_role;


create function ops.check_metric_anomalies()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_metric record;
  v_is_known boolean := false;
  v_status text;
begin
  for v_metric in select a.* from ops.get_metric_anomalies() as a where a.score is not null loop
    v_is_known := true;
    v_status := ops.judge('metric_anomalies', 'score', v_metric.score);
    continue when v_status = 'ok';
    return next (
      v_metric.metric,
      v_status,
      format('%s is %s %s; usual at this hour of the week is %s.',
        v_metric.metric, v_metric.value, v_metric.unit, v_metric.usual_value),
      jsonb_build_object('value', v_metric.value, 'usual_value', v_metric.usual_value,
        'usual_deviation', v_metric.usual_deviation, 'samples', v_metric.samples, 'score', v_metric.score),
      null
    )::ops.finding;
  end loop;
  if not v_is_known then
    raise exception using
      errcode = 'feature_not_supported',
      message = format('Too few samples yet: what is usual at an hour of the week needs %s from earlier weeks.',
        ops.threshold('metric_anomalies', 'minimum_samples'));
  end if;
end
$$;
comment on function ops.check_metric_anomalies() is
  'Metrics far from what is usual at this hour of the week. Raises 0A000 while nothing is usual yet.';
revoke all on function ops.check_metric_anomalies() from public, anon, authenticated, service_role;


create function ops.check_query_regressions()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_query record;
  v_status text;
begin
  if not exists (select from ops.metric_samples as s where s.metric = 'query_calls') then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'There are no samples of statements: pg_stat_statements is missing, or no health run was recorded yet.';
  end if;
  for v_query in
    select r.*
    from ops.get_query_regressions() as r
    where r.recent_mean_ms >= ops.threshold('query_regressions', 'minimum_mean_ms')
  loop
    v_status := ops.judge('query_regressions', 'factor', v_query.factor);
    continue when v_status = 'ok';
    return next (
      v_query.queryid::text,
      v_status,
      format('Statement %s takes %s ms on average, %s times as long as before.',
        v_query.queryid, v_query.recent_mean_ms, v_query.factor),
      jsonb_build_object('recent_calls', v_query.recent_calls, 'recent_mean_ms', v_query.recent_mean_ms,
        'past_calls', v_query.past_calls, 'past_mean_ms', v_query.past_mean_ms, 'factor', v_query.factor),
      null
    )::ops.finding;
  end loop;
end
$$;
comment on function ops.check_query_regressions() is
  'Statements that became slower than their own past. Raises 0A000 without samples of statements.';
revoke all on function ops.check_query_regressions() from public, anon, authenticated, service_role;


-- None is required: for weeks a new project has no past.
insert into ops.health_checks (name, title, description, category, is_required)
values
  ('table_growth', 'Growth', 'A straight line through the samples of the last 30 days.', 'tables', false),
  ('noisy_tenant', 'Tenant with a large share', 'Shares estimated from the planner''s statistics.', 'tables', false),
  ('metric_anomalies', 'Unusual values', 'The last samples against the same hour of earlier weeks.', 'server', false),
  ('query_regressions', 'Slower statements', 'The last three hours against the week before.', 'queries', false);

insert into ops.health_thresholds (check_name, measure, unit, worse, default_warn, default_critical, description)
values
  ('table_growth', 'days_until_full', 'days', 'below', 30, 7, 'Until the database reaches full_bytes.'),
  ('table_growth', 'full_bytes', 'bytes', 'above', 8000000000, 8000000000, 'The size of the disk.'),
  ('table_growth', 'percent_a_day', 'percent', 'above', 20, 50, 'What a table grows by each day.'),
  ('table_growth', 'minimum_bytes', 'bytes', 'above', 100000000, 100000000, 'Smaller tables may grow as they like.'),
  ('table_growth', 'minimum_samples', 'samples', 'above', 8, 8, 'No forecast from fewer.'),
  ('table_growth', 'minimum_days', 'days', 'above', 2, 2, 'No forecast from a shorter time.'),
  ('noisy_tenant', 'share_percent', 'percent', 'above', 50, 80, 'Of the bytes of all tables with a tenant.'),
  ('noisy_tenant', 'bytes', 'bytes', 'above', 1000000000, 10000000000, 'Both this and the share must be exceeded.'),
  ('noisy_tenant', 'minimum_tenants', 'tenants', 'above', 5, 5, 'With fewer, a large share is natural.'),
  ('metric_anomalies', 'score', 'deviations', 'above', 6, 15, 'Deviations from the median of that hour of the week.'),
  ('metric_anomalies', 'minimum_samples', 'samples', 'above', 12, 12, 'Nothing is usual with fewer.'),
  ('query_regressions', 'factor', 'times', 'above', 2, 5, 'Mean time now, divided by before.'),
  ('query_regressions', 'minimum_calls', 'calls', 'above', 100, 100, 'In the recent stretch, and before.'),
  ('query_regressions', 'minimum_mean_ms', 'ms', 'above', 5, 5, 'Faster statements are left alone.');
