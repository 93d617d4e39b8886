-- A key is held by one job of its tenant and queue until that is over, however it ends.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(15);

create function tests.enqueue_with_key(type text, tenant text default 'acme', queue text default 'default')
  returns boolean language sql as $$
  select is_duplicate from public.enqueue_job(tests.tenant_id(tenant), type, queue => queue, dedupe_key => 'key')
$$;

select is(tests.enqueue_with_key('first'), false, 'T6: the first job with a key is made');
select results_eq(
  $$select job_id, is_duplicate from public.enqueue_job(tests.tenant_id('acme'), 'second', dedupe_key => 'key')$$,
  $$select tests.job_id('first'), true$$, 'T6: for a second one the id of the first is returned'
);
select is(tests.status_of('second'), null, 'T6: and no job is made');
select is(tests.enqueue_with_key('elsewhere', 'globex'), false, 'T6: another tenant has keys of its own');
select is(tests.enqueue_with_key('queued elsewhere', queue => 'testing'), false, 'T6: so has another queue');
select is(
  (select is_duplicate from public.enqueue_job(tests.tenant_id('acme'), 'other', dedupe_key => 'other')), false,
  'T6: and another key is another key'
);

select tests.claim(10);
select is(tests.enqueue_with_key('second'), true, 'T6: it is held while the job runs');
select public.fail_job(tests.lease_of('first'), tests.job_id('first'), 'No.');
select is(tests.enqueue_with_key('second'), true, 'T6: and while it waits for its next attempt');

select tests.let_jobs_come_due(), tests.claim();
select public.complete_jobs(tests.lease_of('first'));
select is(tests.enqueue_with_key('second'), false, 'T6: it is free when the job has succeeded');

select public.cancel_job(tests.tenant_id('acme'), tests.job_id('second'));
select is(tests.enqueue_with_key('third'), false, 'T6: or was cancelled');

select tests.claim();
select public.fail_job(tests.lease_of('third'), tests.job_id('third'), 'No.', is_permanent => true);
select is(tests.status_of('third'), 'dead', 'T6: or is dead');
select is(tests.enqueue_with_key('fourth'), false, 'T6: each time another job gets it');
select is(
  (select job_id from private.job_keys where dedupe_key = 'other'), tests.job_id('other'), 'T6: the keys of others stay'
);
select is(
  (select count(*) from private.job_keys where dedupe_key = 'key'), 3::bigint, 'T6: as they do in other tenants and queues'
);
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
