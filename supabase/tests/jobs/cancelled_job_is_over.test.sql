-- A job that waits or runs is cancelled; of one that is over it is said how it ended.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(16);

create function tests.cancel(tenant text, type text) returns text language sql as $$
  select format('select public.cancel_job(%L, %L)', tests.tenant_id(tenant), coalesce(tests.job_id(type), gen_random_uuid()))
$$;
select public.enqueue_job(tests.tenant_id('acme'), 'waits', run_at => now() + interval '1 hour', dedupe_key => 'k');
select tests.enqueue('acme', 'runs'), tests.enqueue('globex', 'runs beside it'), tests.claim(2);
create temp table lease as select tests.lease_of('runs') as id, tests.job_id('runs') as job;

select tests.throws_as('service', tests.cancel('globex', 'waits'), 'PT404', 'There is no such job.',
  'S2: another tenant''s job answers');
select tests.throws_as('service', tests.cancel('acme', 'unknown'), 'PT404', 'There is no such job.', 'S2: like an unknown one');
select tests.throws_as('service', $$select public.cancel_job(null, null)$$, 'PT404', 'There is no such job.', 'T6: as none does');

select is(tests.value_as('service', tests.cancel('acme', 'waits')), 'queued', 'T6: a job that waits is cancelled');
select results_eq(
  $$select status, attempt::integer, started_at, finished_at > now(), error, result from public.finished_jobs$$,
  $$values ('cancelled', 0, null::timestamptz, true, null::text, null::jsonb)$$, 'T6: without having begun'
);
select is_empty('select from private.job_keys', 'T6: its key is free');
select is((select array_length(job_ids, 1) from private.job_leases), 2, 'T6: leases are as they were');

select is(tests.value_as('service', tests.cancel('acme', 'runs')), 'running', 'T6: one that runs is cancelled');
select results_eq(
  $$select tenant_ids, job_ids from private.job_leases$$,
  $$select array[tests.tenant_id('globex')], array[tests.job_id('runs beside it')]$$, 'T6: and leaves its lease to the others'
);
select results_eq(
  'select c.completed, c.lost from lease cross join lateral public.complete_jobs(id, array[job]) as c',
  'select 0, array[job] from lease', 'T6: the result of its worker counts no more'
);
select is(tests.status_of('runs'), 'cancelled', 'T6: it stays cancelled');

select tests.throws_as('service', tests.cancel('acme', 'runs'), 'PT409', 'The job is over: cancelled.', 'T6: not twice');
select public.complete_jobs(id) from lease;
select tests.throws_as('service', tests.cancel('globex', 'runs beside it'), 'PT409', 'The job is over: succeeded.',
  'T6: nor when it has succeeded');
select tests.throws_as('service', tests.cancel('acme', 'runs beside it'), 'PT404', 'There is no such job.',
  'S2: but only its tenant is told');
select is_empty('select from private.job_leases', 'T6: no lease is left');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
