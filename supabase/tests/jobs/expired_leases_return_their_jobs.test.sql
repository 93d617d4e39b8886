-- Jobs of a worker that is gone wait again, or are dead when that was their last attempt.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(20);

create function tests.requeue(arguments text default '') returns text language plpgsql as $$
declare
  v_answer text;
begin
  execute format('select format(''%%s requeued, %%s dead'', requeued, dead) from public.requeue_expired_jobs(%s)', arguments)
  into v_answer;
  return v_answer;
end
$$;
select public.enqueue_job(tests.tenant_id('acme'), 'last chance', max_attempts => 1, dedupe_key => 'k', priority => 1);
select tests.enqueue('acme', 'one'), tests.enqueue('globex', 'two');
select tests.claim(3, worker => 'gone');
select is(tests.requeue(), '0 requeued, 0 dead', 'T6: a lease in force is left alone');
update private.job_leases set expires_at = clock_timestamp();
select is(tests.requeue(), '2 requeued, 1 dead', 'T6: of one that ran out, jobs wait again or are dead');
select results_eq(
  $$select type, status, attempt::integer, lease_id, started_at, is_due, last_error ~ '^The lease of worker gone ran out at '
    from public.job_queue order by type$$,
  $$values ('one', 'queued', 1, null::uuid, null::timestamptz, true, true), ('two', 'queued', 1, null, null, true, true)$$,
  'T6: those with attempts left at once, with the reason'
);
select results_eq(
  $$select type, status, attempt::integer, error ~ '^The lease of worker gone ran out at ' from public.finished_jobs$$,
  $$values ('last chance', 'dead', 1, true)$$, 'T6: that without has the reason too'
);
select is_empty('select from private.job_keys', 'T6: and its key is free');
select is_empty('select from private.job_leases', 'T6: the lease is gone');
select is(tests.requeue(), '0 requeued, 0 dead', 'T6: once');

-- By queue, and so many leases at a time, the oldest first.
select tests.enqueue('acme', 'elsewhere', 'testing'), tests.claim(1, 'testing'), tests.claim(), tests.claim();
select tests.let_leases_run_out();
update private.job_leases set expires_at = expires_at - interval '1 hour' where lease_id = tests.lease_of('two');
select is(tests.requeue($$'testing'$$), '1 requeued, 0 dead', 'T6: one queue''s');
select is((select count(*) from private.job_leases), 2::bigint, 'T6: and no other''s');
select is(tests.requeue($$'default', 1$$), '1 requeued, 0 dead', 'T6: so many leases');
select is(tests.status_of('two'), 'queued', 'T6: the oldest first');
select is(tests.status_of('one'), 'running', 'T6: the other one later');
select tests.claim(1, 'testing');
update private.job_leases set expires_at = now() - interval '1 second';
select is(tests.requeue(), '2 requeued, 0 dead', 'T6: left out, it is every queue');
select is(tests.claim(2), '{one,two}', 'T6: they are given out again');

-- A claim takes back what its own queue lost.
select tests.claim(1, 'testing'), tests.let_leases_run_out();
select is(tests.claim(1, 'testing'), '{elsewhere}', 'T6: a claim takes back by itself');
select is(tests.status_of('one'), 'running', 'T6: in its own queue');

select tests.throws_as('service', 'select public.requeue_expired_jobs(at_most => 0)', '22023',
  'at_most must be between 1 and 10000, and is 0.', 'T6: none is not at most');
select tests.throws_as('service', 'select public.requeue_expired_jobs(at_most => 10001)', '22023',
  'at_most must be between 1 and 10000, and is 10001.', 'T6: ten thousand are');
select tests.throws_as('service', 'select public.requeue_expired_jobs(at_most => null)', '22023',
  'at_most must be between 1 and 10000, and is null.', 'T6: all are not');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
