-- A value is judged by the same hour of earlier weeks, by median and MAD: one wild week changes little.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/samples.psql
select plan(13);

select is(tests.health_of('metric_anomalies'), 'skipped', 'P4 without a past nothing is usual');
-- Four weeks, four samples in this hour of each, around 20; one week was wild. In other hours it is 200.
create function tests.this_hour(weeks integer, minute integer) returns interval language sql stable
  return now() - (date_trunc('hour', now(), 'UTC') - make_interval(weeks => weeks) + make_interval(mins => minute));
select count(tests.sample('connections', '', tests.this_hour(w, m), case w when 2 then 900 else 19 + m / 15 end))
from generate_series(1, 5) as w, unnest(array[0, 15, 30, 45]) as m;
select count(tests.sample('connections', '', tests.this_hour(w, m - 180), 200)) from generate_series(1, 5) as w, unnest(array[0, 15, 30]) as m;
select is(tests.health_of('metric_anomalies'), 'skipped', 'P4 nor without a present');

select tests.sample('connections', '', '0', 24);
select results_eq(
  'select metric, value, usual_value, samples, score < 6 from ops.get_metric_anomalies()',
  $$values ('connections', 24.00, 21.00, 20, true)$$, 'P4 24 where 21 is usual is nothing, 200 in other hours or not'
);
select is(tests.health_of('metric_anomalies'), 'ok', 'P4 no worry');
update ops.metrics set noise = 0 where name = 'connections';
select is(score, 2.0, 'P4 three more are two deviations, the median one being 1') from ops.get_metric_anomalies();
update ops.metrics set noise = 5 where name = 'connections';
update ops.metric_samples set value = 60 where metric = 'connections' and sampled_at = now();
select is(tests.health_of('metric_anomalies'), 'warn connections', 'P4 60 is');
update ops.metric_samples set value = 200 where metric = 'connections' and sampled_at = now();
select is(tests.health_of('metric_anomalies'), 'critical connections', 'P4 200 is critical, usual as it is in other hours');
update ops.metric_samples set value = 0 where metric = 'connections' and sampled_at = now();
select is(tests.health_of('metric_anomalies'), 'ok', 'P4 of connections, few are not bad');
update ops.health_thresholds set warn = 30, critical = 30 where check_name = 'metric_anomalies' and measure = 'minimum_samples';
select is(tests.health_of('metric_anomalies'), 'skipped', 'P4 with too few samples nothing is usual');
update ops.health_thresholds set warn = null, critical = null where measure = 'minimum_samples';

-- A counter is read as a rate; where it was reset, as nothing. 1000 an hour, and now 9000.
delete from ops.metric_samples;
select count(tests.sample('transactions', '', tests.this_hour(w, m), 250 * (m / 15))) from generate_series(1, 4) as w, unnest(array[0, 15, 30, 45, 59]) as m;
select tests.sample('transactions', '', '15 minutes', 0), tests.sample('transactions', '', '0', 2250);
select results_eq(
  'select value, usual_value, samples from ops.get_metric_anomalies()', $$values (9000.00, 1000.00, 16)$$,
  'P4 a counter by the hour, 16 steps of 20 samples: the first of each week is a reset'
);
select is(tests.health_of('metric_anomalies'), 'warn transactions', 'P4 nine times as many');
update ops.metric_samples set value = 300000 where sampled_at = now() - interval '15 minutes';
select is((select value from ops.get_metric_anomalies()), null, 'P4 a counter that fell says nothing');
select is(tests.health_of('metric_anomalies'), 'skipped', 'P4 and neither does the check');

select * from finish();
rollback;
