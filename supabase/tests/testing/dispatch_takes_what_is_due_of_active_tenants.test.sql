-- Not what is off, not what is still to come, nothing of a suspended or closed tenant; within the limits of a batch.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(18);
select tests.schedule('due', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z"}');
select tests.schedule('off', '{"cron": "0 * * * *", "is_enabled": false}');
select tests.schedule('later', jsonb_build_object('cron', '0 * * * *', 'next_run_at', now() + interval '1 day'));
select tests.schedule('theirs', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z"}', 'globex');
update public.tenants set status = 'suspended' where id = tests.tenant_id('globex');

select tests.sign_in_as_service();
select results_eq(
  $$ select * from public.dispatch_test_schedules() $$, $$ values (1, 0, 0, 0, false) $$, 'T5: the one that is due runs'
);
select results_eq(
  $$ select * from public.dispatch_test_schedules() $$, $$ values (0, 0, 0, 0, false) $$, 'T5: and then nothing is left'
);
select tests.as_operator();
select is(tests.due_times(n), '{}', 'T5: not: ' || n) from unnest(array['off', 'later', 'theirs']) as n;
update public.tenants set status = 'closed' where id = tests.tenant_id('globex');
select is(tests.dispatch('2026-01-02 02:00Z'), '0 0 0 0', 'T5: nor of a closed tenant');
update public.tenants set status = 'active' where id = tests.tenant_id('globex');
select is(private.has_due_test_schedules('2026-01-02 01:59Z'), false, 'T5: nothing is due before');
select is(private.has_due_test_schedules('2026-01-02 02:00Z'), true, 'T5: something is due');

-- In turn: the oldest of each tenant, then the second of each.
select tests.schedule('a' || n, jsonb_build_object('cron', '0 0 * * *', 'next_run_at', '2026-01-01 00:00Z'::timestamptz + n * interval '1 minute'))
from generate_series(1, 3) as n;
select tests.schedule('b1', '{"cron": "0 0 * * *", "next_run_at": "2026-01-02 01:00Z"}', 'globex');
select is(tests.dispatch('2026-01-02 02:00Z', 2), '2 0 0 0', 'T5: a batch of two');
select is(tests.due_times('a1') || tests.due_times('b1'), '{01-01 00:01,01-02 01:00}', 'T5: is one of each tenant');
select is(tests.dispatch('2026-01-02 02:00Z', 3), '3 0 0 0', 'T5: the next batch');
select is(
  tests.due_times('a2') || tests.due_times('theirs') || tests.due_times('a3'), '{01-01 00:02,01-02 02:00,01-01 00:03}',
  'T5: has the second of each, and who waits alone'
);

select tests.sign_in_as_service();
select throws_ok(
  format('select public.dispatch_test_schedules(%s)', n), '22023', 'at_most must be between 1 and 5000.', 'T5: no batch of ' || n
) from unnest(array['0', '5001', 'null']) as n;
select lives_ok('select public.dispatch_test_schedules(1)', 'T5: a batch of 1');
select lives_ok('select public.dispatch_test_schedules(5000)', 'T5: a batch of 5000');
select tests.as_operator();
select results_eq(
  $$ select cron, kind, target, is_enabled from ops.schedules where name = 'dispatch-schedules' $$,
  $$ values ('* * * * *', 'function', 'dispatch-schedules', true) $$, 'P3: every minute'
);

select * from finish();
rollback;
