-- A job is a type and a payload; everything else has a default, some of it from its queue.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(9);

update ops.job_queues set max_attempts = 7 where name = 'testing';

select tests.sign_in_as_service();
select results_eq(
  $$select job_id is not null, is_duplicate from public.enqueue_job(tests.tenant_id('acme'), 'plain')$$,
  $$values (true, false)$$, 'T6: a job is enqueued with a tenant and a type'
);
select lives_ok(
  $$select public.enqueue_job(
    tests.tenant_id('acme'), 'full', '{"to": "ann"}', 'testing', -5, now() + interval '1 hour', 3, 'key', '1 day')$$,
  'T6: and with all that can be said of it'
);
select lives_ok(
  $$select public.enqueue_job(tests.tenant_id('acme'), 'tested', queue => 'testing')$$, 'T6: or in between'
);
select lives_ok(
  $$select public.enqueue_job(tests.tenant_id('acme'), 'past', run_at => now() - interval '1 hour')$$, 'T6: or for a time gone by'
);

select tests.as_operator();
select results_eq(
  $$select queue, status, priority::integer, run_at, is_due, attempt::integer, max_attempts::integer, dedupe_key, payload,
      requested_by from public.job_queue where type = 'plain'$$,
  $$values ('default', 'queued', 0, now(), true, 0, 5, null::text, '{}'::jsonb, null::uuid)$$,
  'T6: what is left out: at once, no priority, five attempts, in the default queue, asked for by nobody'
);
select results_eq(
  $$select queue, priority::integer, run_at, is_due, max_attempts::integer, dedupe_key, payload
    from public.job_queue where type = 'full'$$,
  $$values ('testing', -5, now() + interval '1 hour', false, 3, 'key', '{"to": "ann"}'::jsonb)$$,
  'T6: what is said is kept; a later time is not due yet'
);
select results_eq(
  $$select max_attempts::integer from public.job_queue where type = 'tested'$$, array[7],
  'T6: the queue says how often is tried'
);
select ok((select is_due from public.job_queue where type = 'past'), 'T6: a time gone by is due');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
