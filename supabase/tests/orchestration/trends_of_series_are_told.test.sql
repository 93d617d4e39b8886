-- Where a series is going: a slope that odd values do not move, and how sure it is that it moves at all.
-- By hand, of 1 3 2 4 3 5 4 6, one a day: of 28 pairs 23 rise, 3 fall, 2 are even: 20. Two values come twice: the variance is
-- (8 * 7 * 21 - 2 * (2 * 1 * 9)) / 18 = 63.33, z = (20 - 1) / 7.958 = 2.387, which 0.9830 of a normal distribution are
-- within; the median of the 28 slopes is 1 / 2.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/series.psql
select plan(22);

-- One value a day, the last of them today.
create function tests.add_days(name text, days double precision[], tags jsonb default '{}') returns void language plpgsql as $$
begin
  perform private.ensure_partition('public.performance_metrics', now() - interval '28 days');
  insert into public.performance_metrics (tenant_id, name, value, tags, created_at)
  select tests.tenant_id('acme'), add_days.name, v.value, add_days.tags, now() - (cardinality(days) - v.place + 0.5) * interval '1 day'
  from unnest(days) with ordinality as v (value, place);
end
$$;
create function tests.trend(name text, tags jsonb default '{}', days integer default 28) returns text language sql stable
  return (select concat_ws(' ', t.measurements, t.blocks, t.level, coalesce(round(t.slope_per_day::numeric, 3)::text, '-'), t.direction,
    coalesce(t.confidence::text, '-')) from public.get_metric_trend(tests.tenant_id('acme'), trend.name, trend.tags, trend.days) as t);
grant execute on all functions in schema tests to authenticated;

select tests.add_days('by hand', '{1, 3, 2, 4, 3, 5, 4, 6}');
select is(tests.trend('by hand'), '8 8 3.5 0.500 rising 0.983', 'O7: as computed by hand');
select tests.add_days('straight', '{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}');
select is(tests.trend('straight'), '10 10 5.5 1.000 rising 0.9999', 'O7: a straight line');
select tests.add_days('odd', '{1, 2, 3, 4, 5, 6, 7, 8, 9, -1000000}');
select is(tests.trend('odd'), '10 10 4.5 1.000 rising 0.98', 'O7: one value, however odd, is one value');
select tests.add_days('down', '{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}');
select is(tests.trend('down'), '10 10 4.5 -1.000 falling 0.9999', 'O7: down');
select tests.add_days('same', array_fill(3::double precision, array[10]));
select is(tests.trend('same'), '10 10 3 0.000 flat 0', 'O7: what never moves is flat');
select tests.add_days('few', '{1, 2, 3, 4, 5, 6, 7}');
select is(tests.trend('few'), '7 7 4 - unknown -', 'O7: with fewer than eight blocks nothing can be told');
select is(tests.trend('nothing'), '0 0 - unknown -', 'O7: nor of what nobody has measured');
select tests.add_days('few', '{8}', '{"host": "a"}');
select is(tests.trend('few'), '7 7 4 - unknown -', 'O7: other tags are another series');
select is(tests.trend('few', '{"host": "a"}'), '1 1 8 - unknown -', 'O7: which is asked for by its tags');
select is(tests.trend('straight', days => 5), '5 5 8 - unknown -', 'O7: of the days that were asked for');

-- Their days begin when they do: the same values whatever time it is. Of all times of the day, at one in twenty noise does seem
-- to lead somewhere: that is what a confidence of 95 % says.
create function tests.add_timeless(name text, seed integer, added text) returns void language sql
  return tests.add_series(name, seed, format(
    '20 * (sin(v.i / 48.0 * 2 * pi()) - sin(extract(epoch from v.at) / 86400 * 2 * pi())) + %s', added));
select tests.add_timeless('grows', 4, 'v.i / 8.0');
select tests.add_timeless('quiet', 1, '0');
select matches(tests.trend('grows'), '^1344 28 18\d\.\d+ (5\.9|6\.0)\d\d rising 1$', 'O7: six a day, under a daily course and noise');
select matches(tests.trend('quiet'), '^1344 28 \S+ -?0\.\d+ flat 0(\.\d+)?$', 'O7: noise is no trend');
-- The blocks of four days are shorter than a day: only the baseline tells its course from a trend.
select tests.add_series('daily', 7, '100 * (extract(hour from v.at at time zone ''utc'') >= 12)::integer');
select ops.detect_anomalies();
select matches(tests.trend('daily', days => 4), ' flat ', 'O7: what every day does is no trend');

select tests.throws_as(who, format($$select public.get_metric_trend(tests.tenant_id(%L), 'x', '{}', %s)$$, tenant, days), code, message,
  format('O7: %s, %s, %s days', who, tenant, days))
from (values
  ('acme_customer', 'acme', '28', '42501', 'This needs the role viewer or a higher one.'),
  ('acme_owner', 'globex', '28', 'PT404', 'There is no such tenant.'), ('acme_owner', 'nowhere', '28', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'acme', '0', '22023', 'days must be between 1 and 90.'), ('acme_owner', 'acme', '91', '22023', 'days must be between 1 and 90.'),
  ('acme_owner', 'acme', 'null', '22023', 'days must be between 1 and 90.')
) as v (who, tenant, days, code, message);
select is(tests.value_as(who, $$select direction from public.get_metric_trend(tests.tenant_id('acme'), 'straight')$$), 'rising', format('O7: %s asks', who))
from unnest('{acme_viewer, service}'::text[]) as who;
select is(tests.value_as('globex_member', $$select direction from public.get_metric_trend(tests.tenant_id('globex'), 'straight')$$), 'unknown',
  'S2: of another tenant''s series nothing is told');

select * from finish();
rollback;
