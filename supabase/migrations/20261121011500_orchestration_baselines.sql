-- What is usual for each series of measurements, and alerts about what is not. (O7)
-- Usual is a median for each hour of the week where there are weeks enough, else one for all hours, and
-- one scale for the series, from the median absolute deviation: up to half of the history can be odd
-- without moving either (Leys et al. 2013; Iglewicz and Hoaglin 1993). A single value is a spike when it
-- is eight such scales away and five times as far as the outermost hundredth of the history, so that a
-- series with a long tail is not an alarm every day. A shift or drift is looked for in the medians of
-- six hours: the split in two with the largest CUSUM statistic (Page 1954) is a change when that is above
-- six and the level moved by more than the series scatters; it is a drift when a line fits better than
-- the step.

create table public.tenant_alerts (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  fingerprint text not null
    constraint fingerprint_has_1_to_500_characters check (char_length(fingerprint) between 1 and 500),
  kind text not null constraint kind_is_known check (kind in ('spike', 'shift', 'drift')),
  severity text not null constraint severity_is_known check (severity in ('info', 'warning', 'critical')),
  title text not null constraint title_has_1_to_500_characters check (title ~ '\S' and char_length(title) <= 500),
  recommendation text not null
    constraint recommendation_has_1_to_2000_characters check (char_length(recommendation) between 1 and 2000),
  details jsonb not null default '{}' constraint details_are_an_object check (jsonb_typeof(details) = 'object'),
  status text not null default 'open'
    constraint status_is_known check (status in ('open', 'acknowledged', 'resolved')),
  occurrences integer not null default 1 constraint occurrences_are_at_least_1 check (occurrences >= 1),
  began_at timestamptz not null,
  last_seen_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  resolved_at timestamptz,
  resolved_by uuid,
  created_at timestamptz not null default now(),
  constraint is_acknowledged_at_a_time check (status <> 'acknowledged' or acknowledged_at is not null),
  constraint is_resolved_at_a_time check ((status = 'resolved') = (resolved_at is not null)),
  constraint tenant_alerts_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
);
comment on table public.tenant_alerts is
  'What is not usual in a tenant''s measurements: found by detect_anomalies, one unresolved row a cause.';
comment on column public.tenant_alerts.fingerprint is 'The kind and the series: what makes two findings the same.';
comment on column public.tenant_alerts.recommendation is 'What to look at.';
comment on column public.tenant_alerts.began_at is 'When it began to be unusual, as far as can be told.';
comment on column public.tenant_alerts.acknowledged_by is 'Who knows of it; null for a system. Outlives the account.';
comment on column public.tenant_alerts.resolved_by is 'Who resolved it; null for a system. Outlives the account.';

create index tenant_alerts_page_idx on public.tenant_alerts (tenant_id, created_at desc, id desc);
create unique index tenant_alerts_unresolved_key on public.tenant_alerts (tenant_id, fingerprint)
  where status <> 'resolved';
create index tenant_alerts_fingerprint_idx on public.tenant_alerts (tenant_id, fingerprint, resolved_at);
create index tenant_alerts_resolved_at_idx on public.tenant_alerts (resolved_at);
alter table public.tenant_alerts add constraint tenant_alerts_pkey primary key (tenant_id, id);

call private.enroll('public.tenant_alerts', read => 'viewer', audit => true);

insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values ('public.tenant_alerts', 'resolved_at', '1 year', '30 days', 'Alerts of tenants, a year after they ended.');


create function private.raise_tenant_alert(
  tenant_id uuid,
  kind text,
  series text,
  severity text,
  title text,
  recommendation text,
  details jsonb,
  began_at timestamptz
)
  returns boolean
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_fingerprint constant text := left(raise_tenant_alert.kind || ' ' || raise_tenant_alert.series, 500);
begin
  -- Whoever resolved it knew of all that had begun by then.
  if exists (
    select from public.tenant_alerts as a
    where a.tenant_id = raise_tenant_alert.tenant_id
      and a.fingerprint = v_fingerprint
      and a.resolved_at >= raise_tenant_alert.began_at
  ) then
    return false;
  end if;
  insert into public.tenant_alerts as a (
    tenant_id, fingerprint, kind, severity, title, recommendation, details, began_at
  )
  values (
    raise_tenant_alert.tenant_id,
    v_fingerprint,
    raise_tenant_alert.kind,
    raise_tenant_alert.severity,
    left(raise_tenant_alert.title, 500),
    raise_tenant_alert.recommendation,
    raise_tenant_alert.details,
    raise_tenant_alert.began_at
  )
  on conflict (tenant_id, fingerprint) where status <> 'resolved' do update
  set
    occurrences = a.occurrences + 1,
    last_seen_at = now(),
    severity = excluded.severity,
    title = excluded.title,
    details = excluded.details;
  return true;
end
$$;
comment on function private.raise_tenant_alert(uuid, text, text, text, text, text, jsonb, timestamptz) is
  'Opens an alert, or counts a finding on the one that is not resolved yet. False: it had begun when '
  'somebody resolved it, and is not raised again.';
revoke all on function private.raise_tenant_alert(uuid, text, text, text, text, text, jsonb, timestamptz)
  from public, anon, authenticated, service_role;


create function private.move_tenant_alert(tenant_id uuid, alert_id uuid, status text)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_alert public.tenant_alerts;
begin
  select a.* into v_alert
  from public.tenant_alerts as a
  where a.tenant_id = move_tenant_alert.tenant_id and a.id = move_tenant_alert.alert_id
  for update;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such alert.',
      detail = format('alert_id %s', coalesce(move_tenant_alert.alert_id::text, 'null')),
      hint = 'Use the id of an alert of this tenant.';
  end if;
  if v_alert.status = 'resolved' or v_alert.status = move_tenant_alert.status then
    raise exception using
      errcode = 'PT409',
      message = format('This alert is %s already.', v_alert.status),
      hint = 'If it comes back, it will be another one.';
  end if;
  update public.tenant_alerts as a
  set
    status = move_tenant_alert.status,
    acknowledged_at = case
      when move_tenant_alert.status = 'acknowledged' then clock_timestamp() else a.acknowledged_at end,
    acknowledged_by = case when move_tenant_alert.status = 'acknowledged' then auth.uid() else a.acknowledged_by end,
    resolved_at = case when move_tenant_alert.status = 'resolved' then clock_timestamp() end,
    resolved_by = case when move_tenant_alert.status = 'resolved' then auth.uid() end
  where a.tenant_id = v_alert.tenant_id and a.id = v_alert.id;
end
$$;
comment on function private.move_tenant_alert(uuid, uuid, text) is
  'What acknowledge_alert and resolve_alert share. They have asked who calls.';
revoke all on function private.move_tenant_alert(uuid, uuid, text) from public, anon, authenticated, service_role;


create function public.acknowledge_alert(tenant_id uuid, alert_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- alerts are granted to nobody
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(acknowledge_alert.tenant_id, 'member');
  end if;
  perform private.move_tenant_alert(acknowledge_alert.tenant_id, acknowledge_alert.alert_id, 'acknowledged');
end
$$;
comment on function public.acknowledge_alert(uuid, uuid) is
  'Says that somebody knows of an open alert. Raises PT404 when it is out of reach, PT409 when it is '
  'acknowledged or resolved, 42501 below member.';
revoke all on function public.acknowledge_alert(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.acknowledge_alert(uuid, uuid) to authenticated, service_role;


create function public.resolve_alert(tenant_id uuid, alert_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- alerts are granted to nobody
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(resolve_alert.tenant_id, 'member');
  end if;
  perform private.move_tenant_alert(resolve_alert.tenant_id, resolve_alert.alert_id, 'resolved');
end
$$;
comment on function public.resolve_alert(uuid, uuid) is
  'Ends an alert. What had begun by now is not raised again. Raises PT404 when it is out of reach, '
  'PT409 when it is resolved, 42501 below member.';
revoke all on function public.resolve_alert(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.resolve_alert(uuid, uuid) to authenticated, service_role;


create table public.metric_baselines (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  name text not null,
  tags_key text not null,
  tags jsonb not null default '{}',
  samples bigint not null constraint samples_are_at_least_1 check (samples >= 1),
  median double precision not null,
  hours double precision[] not null default '{}'
    constraint hours_are_168_or_none check (cardinality(hours) in (0, 168)),
  scale double precision not null constraint scale_is_not_negative check (scale >= 0),
  low double precision not null,
  high double precision not null constraint high_is_not_below_low check (high >= low),
  trend text not null default 'flat'
    constraint trend_is_known check (trend in ('flat', 'rising', 'falling')),
  slope_per_day double precision,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint metric_baselines_tenant_id_name_tags_key_key unique (tenant_id, name, tags_key),
  constraint metric_baselines_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
);
comment on table public.metric_baselines is
  'What is usual for each series of measurements, from its last four weeks, and where it is going.';
comment on column public.metric_baselines.hours is
  'The median of each hour of the week in UTC, Monday 0:00 first; null where there are not weeks enough.';
comment on column public.metric_baselines.scale is
  'How far a value is from its median: 1.4826 times the median absolute deviation, a standard deviation '
  'if the values are normal.';
comment on column public.metric_baselines.low is 'One in a hundred values is further below its median than this.';
comment on column public.metric_baselines.high is 'One in a hundred values is further above its median than this.';
comment on column public.metric_baselines.trend is 'rising or falling: a drift was found.';

create index metric_baselines_page_idx on public.metric_baselines (tenant_id, created_at desc, id desc);
alter table public.metric_baselines add constraint metric_baselines_pkey primary key (tenant_id, id);

call private.enroll('public.metric_baselines', read => 'viewer');


create table private.metric_watches (
  tenant_id uuid not null,
  looked_until timestamptz not null,
  baselines_at timestamptz,
  constraint metric_watches_pkey primary key (tenant_id),
  constraint metric_watches_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
);
comment on table private.metric_watches is
  'How far each tenant''s measurements have been looked at for spikes, and when its baselines were computed.';

create index metric_watches_looked_until_idx on private.metric_watches (looked_until);
alter table private.metric_watches enable row level security;
revoke all on private.metric_watches from public, anon, authenticated, service_role;


create function private.hour_of_week(at timestamptz)
  returns integer
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
begin
  -- From a Monday: counting is cheaper than taking a date apart.
  return mod(floor(extract(epoch from hour_of_week.at) / 3600)::bigint - 96, 168)::integer;
end
$$;
comment on function private.hour_of_week(timestamptz) is 'Monday 0:00 in UTC is 0, Sunday 23:00 is 167.';
revoke all on function private.hour_of_week(timestamptz) from public, anon, authenticated, service_role;


create function private.usual_value(hours double precision[], median double precision, at timestamptz)
  returns double precision
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
begin
  return coalesce(usual_value.hours[private.hour_of_week(usual_value.at) + 1], usual_value.median);
end
$$;
comment on function private.usual_value(double precision[], double precision, timestamptz) is
  'What a baseline expects at a time.';
revoke all on function private.usual_value(double precision[], double precision, timestamptz)
  from public, anon, authenticated, service_role;


create function private.compute_baseline(tenant_id uuid, name text, tags_key text)
  returns boolean
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_since constant timestamptz := now() - interval '28 days';
  v_samples bigint;
  v_median double precision;
  v_hours double precision[];
  v_scale double precision;
  v_tails double precision[];
begin
  -- One series at a time, through its index: a statement over all of them would have to join what it
  -- has just computed, of which the planner knows nothing.
  select count(*), percentile_cont(0.5) within group (order by m.value) into v_samples, v_median
  from public.performance_metrics as m
  where m.tenant_id = compute_baseline.tenant_id
    and m.name = compute_baseline.name
    and m.tags_key = compute_baseline.tags_key
    and m.created_at >= v_since;
  -- Below that nothing is usual yet.
  if v_samples < 50 then
    delete from public.metric_baselines as b
    where b.tenant_id = compute_baseline.tenant_id
      and b.name = compute_baseline.name
      and b.tags_key = compute_baseline.tags_key;
    return false;
  end if;
  select array_agg(h.median order by i.hour) into v_hours
  from generate_series(0, 167) as i (hour)
  left join (
    select private.hour_of_week(m.created_at) as hour, percentile_cont(0.5) within group (order by m.value) as median
    from public.performance_metrics as m
    where m.tenant_id = compute_baseline.tenant_id
      and m.name = compute_baseline.name
      and m.tags_key = compute_baseline.tags_key
      and m.created_at >= v_since
    group by 1
    having count(*) >= 8 and count(distinct date_trunc('day', m.created_at at time zone 'utc')) >= 3
  ) as h on h.hour = i.hour;
  if array_remove(v_hours, null) = '{}' then
    v_hours := '{}';
  end if;
  select
    1.4826 * percentile_cont(0.5) within group (order by abs(r.residual)),
    percentile_cont(array[0.01, 0.99]) within group (order by r.residual)
  into v_scale, v_tails
  from (
    select m.value - private.usual_value(v_hours, v_median, m.created_at) as residual
    from public.performance_metrics as m
    where m.tenant_id = compute_baseline.tenant_id
      and m.name = compute_baseline.name
      and m.tags_key = compute_baseline.tags_key
      and m.created_at >= v_since
  ) as r;
  insert into public.metric_baselines as b (
    tenant_id, name, tags_key, tags, samples, median, hours, scale, low, high
  )
  select
    m.tenant_id, m.name, m.tags_key, m.tags, v_samples, v_median, v_hours, v_scale, v_tails[1], v_tails[2]
  from public.performance_metrics as m
  where m.tenant_id = compute_baseline.tenant_id
    and m.name = compute_baseline.name
    and m.tags_key = compute_baseline.tags_key
    and m.created_at >= v_since
  limit 1
  on conflict (tenant_id, name, tags_key) do update
  set
    samples = excluded.samples,
    median = excluded.median,
    hours = excluded.hours,
    scale = excluded.scale,
    low = excluded.low,
    high = excluded.high;
  return true;
end
$$;
comment on function private.compute_baseline(uuid, text, text) is
  'Computes what is usual for one series from its last four weeks. False: it has fewer than 50 values, '
  'and no baseline. An hour of the week counts with eight values on three days.';
revoke all on function private.compute_baseline(uuid, text, text) from public, anon, authenticated, service_role;


create function private.find_spikes(tenant_id uuid, since timestamptz, until timestamptz)
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_spike record;
  v_raised integer := 0;
begin
  for v_spike in
    with measured as (
      select
        b.name, b.tags_key, b.tags, b.low, b.high, m.value, m.created_at,
        private.usual_value(b.hours, b.median, m.created_at) as usual,
        -- A series that never moved has no scale: a hundredth of its level is nothing to worry about.
        greatest(b.scale, 0.01 * abs(b.median), 1e-12) as scale
      from public.performance_metrics as m
      join public.metric_baselines as b
        on b.tenant_id = m.tenant_id and b.name = m.name and b.tags_key = m.tags_key
      where m.tenant_id = find_spikes.tenant_id
        and m.created_at >= find_spikes.since
        and m.created_at < find_spikes.until
    ),
    spikes as (
      select m.*, (m.value - m.usual) / m.scale as score
      from measured as m
      where abs(m.value - m.usual) >= 8 * m.scale
        and (m.value - m.usual > 5 * m.high or m.value - m.usual < 5 * m.low)
    )
    select distinct on (s.name, s.tags_key) s.*, count(*) over (partition by s.name, s.tags_key) as values_found
    from spikes as s
    order by s.name, s.tags_key, abs(s.score) desc, s.created_at
  loop
    v_raised := v_raised + private.raise_tenant_alert(
      find_spikes.tenant_id,
      'spike',
      v_spike.name || ' ' || v_spike.tags_key,
      case when abs(v_spike.score) >= 20 then 'critical' else 'warning' end,
      format(
        '%s was %s, where %s is usual.',
        v_spike.name, round(v_spike.value::numeric, 3), round(v_spike.usual::numeric, 3)
      ),
      'Look at the events of that time, of the same component and trace.',
      jsonb_build_object(
        'name', v_spike.name, 'tags', v_spike.tags, 'value', v_spike.value, 'usual', v_spike.usual,
        'score', round(v_spike.score::numeric, 1), 'values', v_spike.values_found
      ),
      v_spike.created_at
    )::integer;
  end loop;
  return v_raised;
end
$$;
comment on function private.find_spikes(uuid, timestamptz, timestamptz) is
  'Raises an alert for each series of a tenant with values between two times that are far from what is '
  'usual; returns how many.';
revoke all on function private.find_spikes(uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;


create function private.find_change(baseline public.metric_baselines)
  returns boolean
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_change record;
  v_is_change boolean;
  v_is_drift boolean;
begin
  with blocks as (
    select
      floor(extract(epoch from m.created_at) / 21600)::double precision as block,
      percentile_cont(0.5) within group (
        order by m.value - private.usual_value((baseline).hours, (baseline).median, m.created_at)
      ) as level
    from public.performance_metrics as m
    where m.tenant_id = (baseline).tenant_id
      and m.name = (baseline).name
      and m.tags_key = (baseline).tags_key
      -- The six hours of now are not over, and of those four weeks ago a part is not looked at: the median of
      -- a few values is no level.
      and m.created_at >= to_timestamp(ceil(extract(epoch from now() - interval '28 days') / 21600) * 21600)
      and m.created_at < to_timestamp(floor(extract(epoch from now()) / 21600) * 21600)
    group by 1
  ),
  steps as (
    select
      b.block,
      b.level,
      row_number() over w as place,
      sum(b.level) over w as sum_before,
      abs(b.level - lag(b.level) over w) as jump,
      lead(b.block) over w as next_block
    from blocks as b
    window w as (order by b.block)
  ),
  whole as (
    select
      count(*) as places,
      sum(s.level) as total,
      sum(s.level * s.level) as squares,
      -- From one to the next, so that no change of level widens it.
      1.4826 * percentile_cont(0.5) within group (order by s.jump) / sqrt(2) as noise,
      regr_slope(s.level, s.block) * 4 as slope_per_day,
      regr_syy(s.level, s.block) - regr_sxy(s.level, s.block) ^ 2 / nullif(regr_sxx(s.level, s.block), 0)
        as off_the_line
    from steps as s
  )
  select
    s.next_block,
    w.slope_per_day,
    w.noise,
    w.off_the_line,
    w.squares - s.sum_before ^ 2 / s.place - (w.total - s.sum_before) ^ 2 / (w.places - s.place) as off_the_step,
    (w.total - s.sum_before) / (w.places - s.place) - s.sum_before / s.place as change,
    sqrt(s.place * (w.places - s.place) / w.places::double precision) as weight
  into v_change
  from steps as s
  cross join whole as w
  -- A week at least, and half a day on either side.
  where w.places >= 28 and s.place between 2 and w.places - 2
  order by abs((w.total - s.sum_before) / (w.places - s.place) - s.sum_before / s.place)
    * sqrt(s.place * (w.places - s.place)) desc
  limit 1;
  -- A series that hardly ever moves is not to be measured by how little it does.
  v_is_change := coalesce(
    abs(v_change.change) * v_change.weight
      > 6 * greatest(v_change.noise, 0.05 * (baseline).scale, 0.001 * abs((baseline).median), 1e-12)
    and abs(v_change.change) > greatest((baseline).scale, 0.01 * abs((baseline).median), 1e-12),
    false
  );
  v_is_drift := v_is_change and v_change.off_the_line < v_change.off_the_step;
  update public.metric_baselines as b
  set
    slope_per_day = v_change.slope_per_day,
    trend = case
      when not v_is_drift then 'flat'
      when v_change.slope_per_day > 0 then 'rising'
      else 'falling'
    end
  where b.tenant_id = (baseline).tenant_id and b.id = (baseline).id;
  if not v_is_change then
    return false;
  end if;
  return private.raise_tenant_alert(
    (baseline).tenant_id,
    case when v_is_drift then 'drift' else 'shift' end,
    (baseline).name || ' ' || (baseline).tags_key,
    case when v_is_drift then 'info' else 'warning' end,
    case
      when v_is_drift then format('%s moves by %s a day.', (baseline).name, round(v_change.slope_per_day::numeric, 3))
      else format('%s has moved by %s.', (baseline).name, round(v_change.change::numeric, 3))
    end,
    case
      when v_is_drift then 'Look for what grows with time: data without an end, leaks, a queue that fills.'
      else 'Look at what was released or configured at that time.'
    end,
    jsonb_build_object(
      'name', (baseline).name, 'tags', (baseline).tags, 'change', v_change.change,
      'slope_per_day', v_change.slope_per_day, 'usual', (baseline).median
    ),
    to_timestamp(v_change.next_block * 21600)
  );
end
$$;
comment on function private.find_change(public.metric_baselines) is
  'Looks at the last four weeks of a series for a level that has moved at once (shift) or all the time '
  '(drift), notes its trend and raises an alert. Whether it did.';
revoke all on function private.find_change(public.metric_baselines) from public, anon, authenticated, service_role;


create function private.look_at_series(tenant_id uuid)
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_series record;
  v_raised integer := 0;
begin
  delete from public.metric_baselines as b
  where b.tenant_id = look_at_series.tenant_id
    and not exists (
      select from public.performance_metrics as m
      where m.tenant_id = b.tenant_id
        and m.name = b.name
        and m.tags_key = b.tags_key
        and m.created_at >= now() - interval '28 days'
    );
  for v_series in
    select m.name, m.tags_key
    from public.performance_metrics as m
    where m.tenant_id = look_at_series.tenant_id and m.created_at >= now() - interval '28 days'
    group by m.name, m.tags_key
  loop
    continue when not private.compute_baseline(look_at_series.tenant_id, v_series.name, v_series.tags_key);
    v_raised := v_raised + (
      select private.find_change(b)::integer from public.metric_baselines as b
      where b.tenant_id = look_at_series.tenant_id and b.name = v_series.name and b.tags_key = v_series.tags_key
    );
  end loop;
  return v_raised;
end
$$;
comment on function private.look_at_series(uuid) is
  'Computes the baselines of a tenant, forgets those of series that have ended, and looks for changes; '
  'returns the alerts raised or seen again.';
revoke all on function private.look_at_series(uuid) from public, anon, authenticated, service_role;


create function ops.detect_anomalies(at_most integer default 100, budget interval default '30 seconds')
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  -- What is being written right now is looked at next time.
  v_until constant timestamptz := now() - interval '1 minute';
  v_watch private.metric_watches;
  v_raised integer := 0;
begin
  insert into private.metric_watches (tenant_id, looked_until)
  select t.id, v_until - interval '1 hour'
  from public.tenants as t
  where not exists (select from private.metric_watches as w where w.tenant_id = t.id)
    and exists (
      select from public.performance_metrics as m
      where m.tenant_id = t.id and m.created_at >= now() - interval '28 days'
    )
  on conflict do nothing;
  for v_watch in
    select w.* from private.metric_watches as w
    where w.looked_until < v_until
    order by w.looked_until
    limit detect_anomalies.at_most
    for update skip locked
  loop
    exit when clock_timestamp() - v_started > detect_anomalies.budget;
    -- What is new is held against what was usual before it.
    v_raised := v_raised + private.find_spikes(v_watch.tenant_id, v_watch.looked_until, v_until);
    if v_watch.baselines_at is null or v_watch.baselines_at < now() - interval '6 hours' then
      v_raised := v_raised + private.look_at_series(v_watch.tenant_id);
      v_watch.baselines_at := now();
    end if;
    update private.metric_watches as w
    set looked_until = v_until, baselines_at = v_watch.baselines_at
    where w.tenant_id = v_watch.tenant_id;
  end loop;
  return v_raised;
end
$$;
comment on function ops.detect_anomalies(integer, interval) is
  'Looks at what tenants have measured since it last did, those first that waited longest: at most so '
  'many, none begun after the budget. Baselines and changes of level are looked at every six hours. '
  'Returns the alerts raised or seen again. For the schedule detect-anomalies.';
revoke all on function ops.detect_anomalies(integer, interval) from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target, timeout_seconds)
values (
  'detect-anomalies',
  'Spikes, shifts and drifts in what tenants measure.',
  '*/5 * * * *',
  'sql',
  'select ops.detect_anomalies()',
  240
);
