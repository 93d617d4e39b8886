-- The next run is computed when a schedule is made and when its times change; nothing else moves it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(15);

create function tests.next_of(name text) returns timestamptz language sql stable
  return (select s.next_run_at from public.test_schedules as s where s.name = next_of.name);
insert into public.test_schedules (tenant_id, flow_id, name, kind, run_at, every, cron, time_zone, next_run_at)
values
  (tests.tenant_id('acme'), tests.id('flow', 'acme'), 'once', 'once', now() + interval '3 days', null, null, null, '2000-01-01'),
  (tests.tenant_id('acme'), tests.id('flow', 'acme'), 'hourly', 'interval', null, '1 hour', null, null, '2000-01-01'),
  (tests.tenant_id('acme'), tests.id('flow', 'acme'), 'cron', 'cron', null, null, '30 9 * * *', 'Europe/Berlin', null);
select is(tests.next_of('once'), now() + interval '3 days', 'T4: once: its time');
select is(tests.next_of('hourly'), now() + interval '1 hour', 'T4: an interval: counted from now, whatever was sent');
select is(tests.next_of('cron'), private.next_cron_time('30 9 * * *', 'Europe/Berlin', now()), 'T4: cron: its next time');

-- Half an hour later.
update public.test_schedules set next_run_at = next_run_at - interval '30 minutes' where name = 'hourly';
update public.test_schedules set name = name, kind = kind, every = every, is_enabled = is_enabled, settings = '{"a": 1}'
where name = 'hourly';
select is(tests.next_of('hourly'), now() + interval '30 minutes', 'T4: sent back as it was, it stays');
update public.test_schedules set every = '2 hours' where name = 'hourly';
select is(tests.next_of('hourly'), now() + interval '2 hours', 'T4: another interval counts from now');
update public.test_schedules set is_enabled = false where name = 'hourly';
select is(tests.next_of('hourly'), null, 'T4: off: no next run');
update public.test_schedules set is_enabled = true where name = 'hourly';
select is(tests.next_of('hourly'), now() + interval '2 hours', 'T4: on again: from now, nothing was missed');
update public.test_schedules set kind = 'once', every = null, run_at = now() + interval '5 hours' where name = 'hourly';
select is(tests.next_of('hourly'), now() + interval '5 hours', 'T4: another kind');
update public.test_schedules set run_at = now() + interval '6 hours' where name = 'hourly';
select is(tests.next_of('hourly'), now() + interval '6 hours', 'T4: another time');
update public.test_schedules set cron = '45 9 * * *' where name = 'cron';
select is(tests.next_of('cron'), private.next_cron_time('45 9 * * *', 'Europe/Berlin', now()), 'T4: another expression');
update public.test_schedules set time_zone = 'Asia/Kolkata' where name = 'cron';
select is(tests.next_of('cron'), private.next_cron_time('45 9 * * *', 'Asia/Kolkata', now()), 'T4: another zone');
update public.test_schedules set ends_at = tests.next_of('cron') where name = 'cron';
select is(tests.next_of('cron'), private.next_cron_time('45 9 * * *', 'Asia/Kolkata', now()), 'T4: it may run at its end');
select throws_ok(
  $$ update public.test_schedules set ends_at = next_run_at - interval '1 microsecond' where name = 'cron' $$,
  '22023', 'ends_at: the schedule would end before it runs.', 'T4: and not after it'
);
select throws_ok(
  $$ update public.test_schedules set cron = '0 9 * * mun' where name = 'cron' $$,
  '22023', 'cron: the weekday field holds mun, which it does not know.', 'T4: a change is checked'
);
select throws_ok(
  $$ update public.test_schedules set time_zone = 'Mars/Base' where name = 'cron' $$,
  '22023', 'time_zone: there is no time zone ''Mars/Base''.', 'T4: of the zone as well'
);

select * from finish();
rollback;
