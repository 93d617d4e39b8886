-- A level that moved at once is a shift, one that moves all the time a drift; each is told once, with when it began.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/series.psql
select plan(11);

select tests.add_series('quiet', 1);
select tests.add_series('up', 2, 'case when v.i > 1200 then 50 else 0 end');
select tests.add_series('down', 3, 'case when v.i > 700 then -50 else 0 end');
select tests.add_series('grows', 4, 'v.i / 8.0');
select tests.add_series('shrinks', 5, '-v.i / 8.0');
select tests.add_series('steps', 6, 'case when v.i > 1200 then 4 else 0 end');
select is(ops.detect_anomalies(), 4, 'O7 four have changed');
select results_eq('select kind, series, severity, occurrences from tests.alerts',
  $$values ('drift', 'grows', 'info', 1), ('drift', 'shrinks', 'info', 1), ('shift', 'down', 'warning', 1), ('shift', 'up', 'warning', 1)$$,
  'O7 at once or all the time; less than the scatter of the series is no change');
select results_eq(
  $$select abs(extract(epoch from began_at - (now() - interval '28 days' + n * interval '30 minutes'))) < 6 * 3600, round((details ->> 'change')::numeric / 10), recommendation
    from public.tenant_alerts join (values ('shift up %', 1200), ('shift down %', 700)) as v (what, n) on fingerprint like what order by fingerprint desc$$,
  $$values (true, 5::numeric, 'Look at what was released or configured at that time.'), (true, -5, 'Look at what was released or configured at that time.')$$,
  'O7 when it moved, and by how much');
select results_eq($$select name, trend, round(slope_per_day::numeric) from public.metric_baselines where trend <> 'flat' order by name$$,
  $$values ('grows', 'rising', 6::numeric), ('shrinks', 'falling', -6)$$, 'O7 a drift is a trend');
select results_eq($$select title ~ '^grows moves by [56]\.[0-9]+ a day\.$', recommendation from public.tenant_alerts where fingerprint like 'drift grows %'$$,
  $$values (true, 'Look for what grows with time: data without an end, leaks, a queue that fills.')$$, 'O7 with what to look for');
select is(tests.look_again('2 minutes'), 0, 'O7 they are looked for now and then');
select is(tests.look_again('2 minutes', true), 4, 'O7 and are there still');
select results_eq('select distinct occurrences from public.tenant_alerts', array[2], 'O7 on the same alerts');
select public.resolve_alert(tenant_id, id) from public.tenant_alerts where fingerprint like 'shift up %';
select is(tests.look_again('2 minutes', true), 3, 'O7 what had begun when it was resolved is not raised again');
update public.tenant_alerts set resolved_at = now() - interval '20 days', created_at = now() - interval '20 days' where status = 'resolved';
select is(tests.look_again('2 minutes', true), 4, 'O7 what began after that is');
select is((select count(*) from public.tenant_alerts where fingerprint like 'shift up %'), 2::bigint, 'O7 as another alert');

select * from finish();
rollback;
