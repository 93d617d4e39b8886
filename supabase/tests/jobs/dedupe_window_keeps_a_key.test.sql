-- A key with a window is held for that long, whatever becomes of the job.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(9);

create function tests.enqueue_hourly(type text) returns text language sql as $$
  select format('%s %s', job_id = tests.job_id('first'), is_duplicate)
  from public.enqueue_job(tests.tenant_id('acme'), type, dedupe_key => 'key', dedupe_window => '1 hour')
$$;

select tests.enqueue_hourly('first');
select is((select kept_until from private.job_keys), now() + interval '1 hour', 'T6: a window begins when the job is enqueued');
select is(tests.enqueue_hourly('second'), 't t', 'T6: a second job within it is not made');
select tests.claim();
select public.complete_jobs(tests.lease_of('first'));
select is(tests.enqueue_hourly('second'), 't t', 'T6: also when the first is over');

update private.job_keys set kept_until = now() + interval '1 second';
select is(tests.enqueue_hourly('second'), 't t', 'T6: up to its end');
update private.job_keys set kept_until = now();
select is(tests.enqueue_hourly('second'), 'f f', 'T6: then another job gets the key');
select results_eq(
  'select job_id, kept_until from private.job_keys', $$select tests.job_id('second'), now() + interval '1 hour'$$,
  'T6: with a window of its own'
);

-- One that outlives its window does not free what is another's by then.
update private.job_keys set kept_until = now();
select public.enqueue_job(tests.tenant_id('acme'), 'third', dedupe_key => 'key');
select results_eq(
  'select job_id, kept_until from private.job_keys', $$select tests.job_id('third'), null::timestamptz$$,
  'T6: or without one'
);
select public.cancel_job(tests.tenant_id('acme'), tests.job_id('second'));
select is((select job_id from private.job_keys), tests.job_id('third'), 'T6: who lost a key frees it no more');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
