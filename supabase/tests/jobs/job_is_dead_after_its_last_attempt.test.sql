-- A job that failed as often as it may, or for good, is over, and says why.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(12);

create function tests.fail(type text, error text default 'No.', is_permanent boolean default false)
  returns text language sql as $$
  select format('%s %s', status, run_at is not null)
  from public.fail_job(tests.lease_of(type), tests.job_id(type), error, is_permanent => is_permanent)
$$;
select public.enqueue_job(tests.tenant_id('acme'), 'twice', '{"n": 1}', max_attempts => 2);

select tests.claim();
select is(tests.fail('twice', 'First.'), 'queued t', 'T6: after its first of two attempts a job waits');
select tests.let_jobs_come_due(), tests.claim();
select is(tests.fail('twice', 'Second.'), 'dead f', 'T6: after the second it is dead');
select results_eq(
  'select type, status, attempt::integer, error, payload, result from public.finished_jobs',
  $$values ('twice', 'dead', 2, 'Second.', '{"n": 1}'::jsonb, null::jsonb)$$, 'T6: with the reason of the last one'
);
select is_empty('select from public.job_queue', 'T6: and no more in the queue');

select tests.enqueue('acme', 'hopeless'), tests.claim();
select is(tests.fail('hopeless', is_permanent => true), 'dead f', 'T6: a worker may say that trying again is no use');
select tests.enqueue('acme', 'once'), tests.claim();
select is(tests.fail('once', is_permanent => null), 'queued t', 'T6: null is not that');
select is((select last_error from public.job_queue where type = 'once'), 'No.', 'T6: a job that waits says why');

select tests.enqueue('acme', 'silent'), tests.claim();
select tests.fail('silent', null, true);
select tests.enqueue('acme', 'empty'), tests.claim();
select tests.fail('empty', '', true);
select tests.enqueue('acme', 'long'), tests.claim();
select tests.fail('long', repeat('x', 10001), true);
select is((select error from public.finished_jobs where type = 'silent'), 'No reason was given.', 'T6: without a reason it says so');
select is((select error from public.finished_jobs where type = 'empty'), 'No reason was given.', 'T6: as with an empty one');
select is((select error from public.finished_jobs where type = 'long'), repeat('x', 10000), 'T6: a long one is cut');
select is_empty('select from private.job_leases', 'T6: no lease is left');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
