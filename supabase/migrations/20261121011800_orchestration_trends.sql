-- Where a series of measurements is going, for whoever asks. (O7)
-- The window is cut into 28 equal blocks, each with its median. The slope is the median of the slopes
-- between any two of them (Theil 1950, Sen 1968): up to 29 per cent of the blocks can be odd without
-- moving it. Whether there is a trend at all is asked by the test of Mann (1945) and Kendall, which looks
-- at signs alone: no distribution is assumed, and one huge value counts as one.

create function private.normal_confidence(z double precision)
  returns double precision
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_x constant double precision := abs(normal_confidence.z) / sqrt(2);
  v_t constant double precision := 1 / (1 + 0.3275911 * v_x);
begin
  -- erf by Abramowitz and Stegun 7.1.26, right to 1.5e-7: PostgreSQL 15 has none.
  return 1 - v_t * exp(-v_x * v_x) * (
    0.254829592 + v_t * (-0.284496736 + v_t * (1.421413741 + v_t * (-1.453152027 + v_t * 1.061405429)))
  );
end
$$;
comment on function private.normal_confidence(double precision) is
  'How likely a value of a normal distribution is within so many standard deviations: 1.96 gives 0.95.';
revoke all on function private.normal_confidence(double precision) from public, anon, authenticated, service_role;


create function public.get_metric_trend(tenant_id uuid, name text, tags jsonb default '{}', days integer default 28)
  returns table (
    measurements bigint,
    blocks integer,
    level double precision,
    slope_per_day double precision,
    direction text,
    confidence double precision
  )
  language plpgsql
  stable
  security definer -- the hours of a baseline are taken out whoever asks, by a helper that nobody may execute
  set search_path = ''
as $$
declare
  v_fewest constant integer := 8;
  v_block constant double precision := get_metric_trend.days * 86400 / 28::double precision;
  v_since constant timestamptz := now() - make_interval(days => get_metric_trend.days);
  v_tags_key constant text := md5(coalesce(get_metric_trend.tags, '{}')::text);
begin
  if not private.is_trusted_session() then
    perform private.require_role(get_metric_trend.tenant_id, 'viewer');
  end if;
  if get_metric_trend.days is null or get_metric_trend.days not between 1 and 90 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'days must be between 1 and 90.',
      detail = format('days %s', coalesce(get_metric_trend.days::text, 'null'));
  end if;
  return query
  with
    points as materialized (
      select
        floor(extract(epoch from m.created_at - v_since)::double precision / v_block) as block,
        count(*) as measurements,
        percentile_cont(0.5) within group (order by m.value) as level,
        -- What a day and a week always do is no trend.
        percentile_cont(0.5) within group (
          order by
            m.value - case when b.hours is null then 0 else private.usual_value(b.hours, b.median, m.created_at) end
        ) as plain
      from public.performance_metrics as m
      left join public.metric_baselines as b
        on b.tenant_id = m.tenant_id and b.name = m.name and b.tags_key = m.tags_key and cardinality(b.hours) > 0
      where m.tenant_id = get_metric_trend.tenant_id
        and m.name = get_metric_trend.name
        and m.tags_key = v_tags_key
        and m.created_at > v_since
        and m.created_at <= now()
      group by 1
    ),
    pairs as (
      select
        percentile_cont(0.5) within group (order by (q.plain - p.plain) / (q.block - p.block))
          / v_block * 86400 as slope,
        sum(sign(q.plain - p.plain)) as rises
      from points as p
      join points as q on q.block > p.block
    ),
    ties as (
      select coalesce(sum(t.n * (t.n - 1) * (2 * t.n + 5)), 0)::double precision as weight
      from (select count(*) as n from points as p group by p.plain) as t
    ),
    whole as (
      select
        coalesce(sum(p.measurements), 0)::bigint as measurements,
        count(*)::integer as blocks,
        percentile_cont(0.5) within group (order by p.level) as level
      from points as p
    ),
    judged as (
      select
        w.*,
        r.slope,
        coalesce(
          private.normal_confidence(
            (r.rises - sign(r.rises))
              / sqrt(nullif(w.blocks::double precision * (w.blocks - 1) * (2 * w.blocks + 5) - t.weight, 0) / 18)
          ),
          0
        ) as confidence
      from whole as w
      cross join pairs as r
      cross join ties as t
      where w.blocks >= v_fewest
    )
  select
    w.measurements,
    w.blocks,
    w.level,
    j.slope,
    case
      when j.slope is null then 'unknown'
      when j.confidence < 0.95 or j.slope = 0 then 'flat'
      when j.slope > 0 then 'rising'
      else 'falling'
    end,
    round(j.confidence::numeric, 4)::double precision
  from whole as w
  left join judged as j on true;
end
$$;
comment on function public.get_metric_trend(uuid, text, jsonb, integer) is
  'Where a series (a name with exactly these tags) is going, from its last days (1 to 90): one row. '
  'measurements: how many. blocks: how many of the 28 equal parts of that time have some. level: the median of '
  'their medians. slope_per_day: by how much it moves a day, what hours of the week always do taken out where a '
  'baseline knows it. direction: rising or falling when the confidence is at least 0.95, else flat; unknown, and no '
  'slope, with fewer than 8 blocks, as of a series that nobody has measured. confidence: 0 to 1, that it moves at all. '
  'Raises PT404 for a tenant that is unknown or out of reach, 42501 below viewer, 22023 for other days.';
revoke all on function public.get_metric_trend(uuid, text, jsonb, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.get_metric_trend(uuid, text, jsonb, integer) to authenticated, service_role;
