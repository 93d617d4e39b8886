-- A worker that is still at it keeps its jobs, and learns which of them it need not finish.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(13);

select tests.enqueue('acme', 'a'), tests.enqueue('acme', 'b'), tests.claim(2);
create temp table lease as select lease_id as id from private.job_leases;
grant select on lease to service_role;
update private.job_leases set expires_at = now() + interval '1 second';

select tests.sign_in_as_service();
create temp table answer as
select h.*, clock_timestamp() as at from lease cross join lateral public.heartbeat_job(id, '5 minutes') as h;
select tests.as_operator();
select is((select expires_at between at + interval '4 minutes' and at + interval '5 minutes' from answer), true,
  'T6: a heartbeat says until when the jobs are the worker''s');
select is((select expires_at from private.job_leases), (select expires_at from answer), 'T6: and so it is');
select is((select running from answer), (select array_agg(id order by id) from public.job_queue), 'T6: it names what still runs');
select is((public.requeue_expired_jobs()).requeued, 0, 'T6: nothing is taken back');

select public.cancel_job(tests.tenant_id('acme'), tests.job_id('a'));
select is((select (public.heartbeat_job(id)).running from lease), array[tests.job_id('b')], 'T6: what was cancelled is missing');
select is(
  (select expires_at between clock_timestamp() + interval '59 s' and clock_timestamp() + interval '1 minute' from private.job_leases),
  true, 'T6: left out, it is a minute'
);

-- Late, but nobody has taken the jobs yet.
select tests.let_leases_run_out();
select is((select (public.heartbeat_job(id)).running from lease), array[tests.job_id('b')], 'T6: late is better than never');
select is((public.requeue_expired_jobs()).requeued, 0, 'T6: as long as the jobs were not taken');

select throws_ok($$select public.heartbeat_job(id, '999 ms') from lease$$, '22023',
  'lease must be between 1 second and 1 day, and is 00:00:00.999.', 'T6: a lease has a second at least');
select throws_ok($$select public.heartbeat_job(id, '25 hours') from lease$$, '22023',
  'lease must be between 1 second and 1 day, and is 25:00:00.', 'T6: and a day at most');
select throws_ok($$select public.heartbeat_job(id, null) from lease$$, '22023',
  'lease must be between 1 second and 1 day, and is null.', 'T6: and an end');
select public.complete_jobs(id) from lease;
select throws_ok('select public.heartbeat_job(id) from lease', 'PT409', 'The lease is over.', 'T6: one that is over is not extended');
select throws_ok('select public.heartbeat_job(null)', 'PT409', 'The lease is over.', 'T6: nor is none');

select * from finish();
rollback;
