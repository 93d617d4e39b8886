-- With values enough in an hour of the week, what is usual is that of the hour: a value of noon is a spike at midnight.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/series.psql
select plan(9);

-- A value every ten minutes; by day it is 500, by night 100.
create function tests.level(at timestamptz) returns integer language sql immutable
  return case when extract(hour from at at time zone 'utc') between 8 and 19 then 500 else 100 end;
select private.ensure_partition('public.performance_metrics', now() - interval '28 days');
insert into public.performance_metrics (tenant_id, name, value, created_at)
select tests.tenant_id('acme'), 'course', tests.level(at) + 5 * tests.noise(1, i), at
from (select i, now() - interval '28 days' + i * interval '10 minutes' - interval '2 minutes' as at from generate_series(1, 4032) as i) as v;
select is(ops.detect_anomalies(), 0, 'O7 a course of day and night is usual');
select results_eq(
  $$select cardinality(hours), array_position(hours, null), min(h) between 95 and 105, max(h) between 495 and 505 from public.metric_baselines, unnest(hours) as h group by hours$$,
  'values (168, null::integer, true, true)', 'O7 each hour of the week has its median');
select is((select scale between 3 and 7 from public.metric_baselines), true, 'O7 and the scatter is that around it');
insert into public.performance_metrics (tenant_id, name, value, created_at)
values (tests.tenant_id('acme'), 'course', 600 - tests.level(now() - interval '3 minutes'), now() - interval '3 minutes');
select is(tests.look_again('4 minutes'), 1, 'O7 a value that is usual by day is a spike by night, and the other way round');

select is(private.hour_of_week(at::timestamptz), hour, format('O7 %s', at))
from (values ('2026-11-30 00:00Z', 0), ('2026-11-30 00:59Z', 0), ('2026-12-06 23:59Z', 167), ('2026-12-02 12:00+02', 58)) as v (at, hour);
delete from public.performance_metrics;
select tests.look_again('2 minutes', true);
select is_empty('select from public.metric_baselines', 'O7 a series that has ended has no baseline any more');

select * from finish();
rollback;
