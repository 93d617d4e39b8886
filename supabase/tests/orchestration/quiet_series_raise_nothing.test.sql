-- Series that do what they always do raise no alert: with a daily course, with a long tail, constant, stepping between two values.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/series.psql
select plan(9);

select tests.add_series('quiet' || i, i) from generate_series(1, 12) as i;
select tests.add_series('tail' || i, 100 + i, format('20 * exp(0.8 * tests.noise(%s, v.i))', 200 + i)) from generate_series(1, 4) as i;
select tests.add_series('constant', 1);
update public.performance_metrics set value = 7 where name = 'constant';
select tests.add_series('flips', 2, '1000 * (v.i % 2)');
-- Of the six hours in which the four weeks began some are left, and these few are high.
select tests.add_series('begins high', 13);
update public.performance_metrics set value = value + 30
where name = 'begins high'
  and created_at < to_timestamp(ceil(extract(epoch from now() - interval '28 days') / 21600) * 21600);
select is(ops.detect_anomalies(), 0, 'O7 nothing is found in the last hour and the last weeks');
select results_eq('select count(*), min(samples), max(samples), count(*) filter (where trend = ''flat'') from public.metric_baselines',
  'values (19::bigint, 1344::bigint, 1344::bigint, 19::bigint)', 'O7 all have a baseline, and no trend');
select is(tests.look_again('28 days'), 0, 'O7 nor in any value of four weeks');
select is_empty('select from tests.alerts', 'O7 there is no alert');
select results_eq(
  $$select round(scale::numeric, 1) between 4.0 and 6.0, high between 9 and 15, low between -15 and -9, cardinality(hours) from public.metric_baselines where name = 'quiet1'$$,
  'values (true, true, true, 168)', 'O7 the scatter is that of the series, around its course');
select results_eq($$select scale, low, high, median from public.metric_baselines where name = 'constant'$$,
  'values (0::double precision, 0::double precision, 0::double precision, 7::double precision)', 'O7 a constant has none');
select is((select count(*) from public.metric_baselines where name = 'few'), 0::bigint, 'O7 a series of a few values');
select tests.add_series('few', 3);
delete from public.performance_metrics where name = 'few' and created_at < (select max(created_at) from public.performance_metrics where name = 'few') - interval '24 hours 15 minutes';
select is((select count(*) from public.performance_metrics where name = 'few'), 49::bigint, 'O7 such as 49');
select tests.look_again('1 hour', true);
select is((select count(*) from public.metric_baselines where name = 'few'), 0::bigint, 'O7 has no baseline');

select * from finish();
rollback;
