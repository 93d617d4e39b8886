-- The forecast is the line of least squares through the samples; without enough of them there is none.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/samples.psql
select plan(14);

select is(tests.health_of('table_growth'), 'skipped', 'P4 without a past there is no forecast');
-- 100 MB a day, with a scatter of 20 MB that the line passes through the middle of; today 4 GB.
select count(tests.sample('table_bytes', 'public.messages', make_interval(hours => h),
  4e9 - 1e8 * h / 24.0 + case h % 2 when 0 then 1e7 else -1e7 end)) from generate_series(0, 240) as h;
select results_eq(
  $$select kind, samples, bytes, round(bytes_a_day, -6), fit > 0.99, round(days_until_full) from ops.get_table_growth()$$,
  $$values ('table', 241, 4010000000, 100000000::numeric, true, 40::numeric)$$,
  'P4 100 MB a day; 4 GB more are 40 days'
);
select is(round(days_until_full), 10::numeric, 'P4 another size, another day') from ops.get_table_growth(full_at => 5010000000);
select is(samples, 25, 'P4 another period, other samples') from ops.get_table_growth(period => '24 hours 1 minute');
select is(bytes_a_day, null, 'P4 a day is too short for a line') from ops.get_table_growth(period => '24 hours 1 minute');
update ops.health_thresholds set warn = 242, critical = 242 where check_name = 'table_growth' and measure = 'minimum_samples';
select is(bytes_a_day, null, 'P4 and so are fewer samples than an operator asks for') from ops.get_table_growth();
update ops.health_thresholds set warn = null, critical = null where measure = 'minimum_samples';
select is(tests.health_of('table_growth'), 'ok', 'P4 2.5 % a day is no worry');
update ops.health_thresholds set warn = 2 where check_name = 'table_growth' and measure = 'percent_a_day';
select is(tests.health_of('table_growth'), 'warn public.messages', 'P4 unless an operator thinks so');
update ops.health_thresholds set warn = null where check_name = 'table_growth' and measure = 'percent_a_day';

select count(tests.sample('database_bytes', '', make_interval(hours => h), 7e9 - 1e8 * h / 24.0)) from generate_series(0, 240) as h;
select is(tests.health_of('table_growth'), 'warn database ' || current_database(), 'P4 a database full in ten days');
update ops.metric_samples set value = value + 5e8 where metric = 'database_bytes';
select is(tests.health_of('table_growth'), 'critical database ' || current_database(), 'P4 in five days it is critical');
update ops.metric_samples set value = 1.4e10 - value where metric = 'database_bytes';
select is(days_until_full, null, 'P4 one that shrinks is never full') from ops.get_table_growth() where kind = 'database';
select is(tests.health_of('table_growth'), 'ok', 'P4 and no worry');
select throws_ok(format('select * from ops.get_table_growth(%s)', a), '22023', 'period and full_at must be above 0.', format('P4 not %s', a))
from unnest(array['interval ''0''', 'full_at => 0']) as a;

select * from finish();
rollback;
