-- The wait after a failure doubles up to a cap, less a share by chance; a worker may say how long instead.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(18);

update ops.job_queues set backoff_base = '10 s', backoff_cap = '1 minute', backoff_jitter = 0, max_attempts = 100;
select results_eq(
  $$select private.get_backoff('default', n) from generate_series(1, 5) as n$$,
  array['10 s', '20 s', '40 s', '1 minute', '1 minute']::interval[], 'T6: the wait doubles with each attempt, up to the cap'
);
select is(private.get_backoff('default', 100), '1 minute', 'T6: for as many attempts as there are');
update ops.job_queues set backoff_base = '1 s', backoff_cap = '30 days' where name = 'testing';
select is(private.get_backoff('testing', 12), '2048 s', 'T6: each queue has its own');
select is(private.get_backoff('default', 1), '10 s', 'T6: base');

update ops.job_queues set backoff_jitter = 0.25;
create temp table waits as select private.get_backoff('default', 2) as wait from generate_series(1, 500);
select is((select min(wait) >= '15 s' and max(wait) <= '20 s' from waits), true, 'T6: by chance up to a quarter is taken off');
select is((select min(wait) < '16 s' and max(wait) > '19 s' from waits), true, 'T6: anything in between');
update ops.job_queues set backoff_jitter = 1;
select is(
  (select min(w) >= '0' and min(w) < '2 s' from (select private.get_backoff('default', 2) as w from generate_series(1, 500)) as x),
  true, 'T6: with a jitter of 1 up to all'
);

update ops.job_queues set backoff_jitter = 0;
select tests.enqueue('acme', 'job'), tests.claim();
create temp table answer as
select f.*, clock_timestamp() as at from public.fail_job(tests.lease_of('job'), tests.job_id('job'), 'No.') as f;
select results_eq(
  $$select status, run_at between at + interval '9 s' and at + interval '10 s' from answer$$, $$values ('queued', true)$$,
  'T6: a failed job is told when it runs again'
);
select results_eq(
  $$select j.status, j.run_at = a.run_at, is_due, attempt::integer, lease_id, started_at, last_error
    from public.job_queue as j cross join answer as a$$,
  $$values ('queued', true, false, 1, null::uuid, null::timestamptz, 'No.')$$, 'T6: it waits without a lease, with the reason'
);
select is_empty('select from private.job_leases', 'T6: and the lease without jobs ends');
select is(tests.claim(), '{}', 'T6: it is not given out before');
select tests.let_jobs_come_due(), tests.claim();
select is((select attempt from public.job_queue), 2::smallint, 'T6: then with its second attempt');
select results_eq(
  $$select run_at between clock_timestamp() + interval '19 s' and clock_timestamp() + interval '20 s'
    from public.fail_job(tests.lease_of('job'), tests.job_id('job'), 'No.')$$, array[true],
  'T6: after which it waits twice as long'
);

select tests.let_jobs_come_due(), tests.claim();
select tests.enqueue('acme', 'other');
select results_eq(
  $$select run_at between clock_timestamp() + interval '59 minutes' and clock_timestamp() + interval '1 hour'
    from public.fail_job(tests.lease_of('job'), tests.job_id('job'), 'No.', '1 hour')$$, array[true],
  'T6: a worker may say how long'
);
select tests.let_jobs_come_due(), tests.claim(2);
select throws_ok(
  $$select public.fail_job(tests.lease_of('job'), tests.job_id('job'), 'No.', '-1 s')$$, '22023',
  'retry_in must not be negative, and is -00:00:01.', 'T6: but not a time gone by'
);
select public.fail_job(tests.lease_of('job'), tests.job_id('job'), 'No.', '0');
select is(tests.claim(), '{job}', 'T6: with no wait it runs at once');
select is(tests.status_of('other'), 'running', 'T6: others of its lease run on');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
