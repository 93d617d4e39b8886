-- A worker whose lease ran out, and whose job another one does by now, has no say in it. (fencing)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(13);

select tests.enqueue('acme', 'job');
select tests.claim(worker => 'slow');
create temp table old as select tests.lease_of('job') as lease, tests.job_id('job') as id;
select tests.let_leases_run_out();
select is(tests.claim(worker => 'quick'), '{job}', 'T6: a job whose lease ran out is given to the next worker');
select isnt(tests.lease_of('job'), (select lease from old), 'T6: under another lease');

select results_eq(
  'select c.completed, c.lost from old cross join lateral public.complete_jobs(lease, array[id]) as c',
  'select 0, array[id] from old', 'T6: the first one completes nothing, and is told what it lost'
);
select results_eq(
  'select c.completed, c.lost from old cross join lateral public.complete_jobs(lease) as c',
  $$values (0, '{}'::uuid[])$$, 'T6: whether or not it says what'
);
select throws_ok($$select public.fail_job(lease, id, 'No.') from old$$, 'PT409', 'The job does not run under this lease.',
  'T6: it fails nothing');
select throws_ok($$select public.fail_job(lease, null, 'No.') from old$$, 'PT409', 'The job does not run under this lease.',
  'T6: not even nothing');
select is((select public.release_jobs(lease, array[id]) from old), 0, 'T6: gives nothing back');
select throws_ok('select public.heartbeat_job(lease) from old', 'PT409', 'The lease is over.', 'T6: and extends nothing');

select results_eq(
  $$select j.status, j.attempt::integer, l.worker from public.job_queue as j join private.job_leases as l using (lease_id)$$,
  $$values ('running', 2, 'quick')$$, 'T6: the job runs on with its second worker'
);
select tests.enqueue('globex', 'another'), tests.claim(worker => 'third');
select results_eq(
  $$select c.completed, c.lost from public.complete_jobs(tests.lease_of('another'), array[tests.job_id('job')]) as c$$,
  $$select 0, array[tests.job_id('job')]$$, 'T6: nor does the lease of other jobs end it'
);
select is((public.complete_jobs(tests.lease_of('job'))).completed, 1, 'T6: its own does');
select is(tests.status_of('another'), 'running', 'T6: and no other');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
