-- A value far from what is usual is found once, in the series it is in; more of the kind are counted on the same alert.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/series.psql
select plan(14);

select tests.add_series('quiet', 1), tests.add_series('peak', 2), tests.add_series('dip', 3), tests.add_series('other', 4, tenant => 'globex');
select is(ops.detect_anomalies(), 0, 'O7 before, nothing is found');
create function tests.put(series text, value double precision, tenant text default 'acme') returns void language sql begin atomic;
  insert into public.performance_metrics (tenant_id, name, value, created_at) values (tests.tenant_id(tenant), series, value, now() - interval '5 minutes');
end;
create function tests.usual() returns double precision language sql
  return 100 + 20 * sin(extract(epoch from now() - interval '5 minutes') / 86400 * 2 * pi());
select tests.put('peak', tests.usual() + 75), tests.put('dip', tests.usual() - 75), tests.put('quiet', tests.usual() + 20);
select is(tests.look_again('6 minutes'), 2, 'O7 two values are far off');
select results_eq('select * from tests.alerts',
  $$values ('spike', 'dip', 'warning', 'open', 1), ('spike', 'peak', 'warning', 'open', 1)$$, 'O7 above and below');
select results_eq(
  $$select began_at, (details ->> 'value')::double precision = tests.usual() + 75, details ->> 'values', abs((details ->> 'usual')::float8 - tests.usual()) < 10,
      title ~ '^peak was [0-9.]+, where [0-9.]+ is usual.$',
      recommendation from public.tenant_alerts where fingerprint like 'spike peak%'$$,
  $$values (now() - interval '5 minutes', true, '1', true, true, 'Look at the events of that time, of the same component and trace.')$$, 'O7 with what was measured and what is usual');
select is(tests.look_again('2 minutes'), 0, 'O7 what has been looked at is not found again');
select tests.put('peak', 1000), tests.put('peak', 900);
select is(tests.look_again('6 minutes'), 2, 'O7 more of the kind');
select results_eq($$select severity, occurrences, details ->> 'value', details ->> 'values', last_seen_at = now() from tests.alerts join public.tenant_alerts using (kind, severity, status, occurrences)
  where series = 'peak' and fingerprint like 'spike peak%'$$, $$values ('critical', 2, '1000', '3', true)$$, 'O7 are counted on the alert, the furthest is shown');
select is(tests.rows_as('acme_viewer', 'select from public.tenant_alerts'), 2, 'O7 viewers see alerts');
select is(tests.rows_as('globex_owner', 'select from public.tenant_alerts'), 0, 'S2 of their own tenant');

-- Eight scales are not enough where the history has values as far out; nor a hundredth of a level that never moved.
select tests.add_series('tail', 5, 'case when v.i % 40 = 0 then 100 else 0 end');
select tests.look_again('2 minutes', true);
select tests.put('tail', tests.usual() + 100);
select is(tests.look_again('6 minutes') , 2, 'O7 what a series does now and then is no spike in it');
select is_empty($$select from tests.alerts where series = 'tail'$$, 'O7 there is no alert');
select tests.add_series('constant', 1, '-100 - 20 * sin(extract(epoch from v.at) / 86400 * 2 * pi()) - 5 * tests.noise(1, v.i) + 7');
select tests.look_again('2 minutes', true);
select tests.put('constant', 7.5);
select tests.look_again('6 minutes');
select is_empty($$select from tests.alerts where series = 'constant'$$, 'O7 nor a small step of a constant');
select tests.put('constant', 7.6);
select tests.look_again('6 minutes');
select results_eq($$select severity from tests.alerts where series = 'constant'$$, array['warning'], 'O7 but one of a twelfth');
select is((select count(*) from public.tenant_alerts where tenant_id <> tests.tenant_id('acme')), 0::bigint, 'O7 other tenants have none');

select * from finish();
rollback;
