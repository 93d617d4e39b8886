-- Within a tenant the higher priority goes first, then the earlier time, then the order in which jobs came.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(9);

insert into public.job_queue (tenant_id, type, priority, run_at)
values
  (tests.tenant_id('acme'), 'low', -1, now() - interval '3 hours'),
  (tests.tenant_id('acme'), 'later', 0, now() - interval '1 hour'),
  (tests.tenant_id('acme'), 'earlier', 0, now() - interval '2 hours'),
  (tests.tenant_id('acme'), 'high', 1, now());
select public.enqueue_jobs(jsonb_agg(jsonb_build_object('tenant_id', tests.tenant_id('globex'), 'type', n::text) order by n))
from generate_series(1, 5000) as n;

select is(tests.claim(4, worker => 'one'), '{high,earlier,1,2}', 'T6: the best of each tenant');
select is(tests.claim(2, worker => 'one'), '{later,3}', 'T6: then the next ones');
select is(tests.claim(2, worker => 'one'), '{4,low}', 'T6: the low priority last');
select is(
  tests.claim(4996, worker => 'one'), (select array_agg(n::text order by n) from generate_series(5, 5000) as n),
  'T6: jobs of a batch keep its order'
);
select is(tests.claim(1), '{}', 'T6: nothing is given out twice');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select tests.enqueue('acme', 'elsewhere', 'testing');
select is(tests.claim(1), '{}', 'T6: a queue gives out its own jobs');
select tests.sign_in_as_service();
select results_eq(
  $$select c.tenant_id, c.type, c.payload, c.attempt, c.max_attempts, c.lease_id is not null
    from public.claim_jobs('testing', 'two') as c$$,
  $$values (tests.tenant_id('acme'), 'elsewhere', '{}'::jsonb, 1, 5, true)$$, 'T6: with all that a worker needs'
);
select tests.as_operator();
select results_eq(
  $$select j.status, j.attempt::integer, l.worker, l.queue, l.expires_at > clock_timestamp() + interval '50 seconds',
      l.expires_at < clock_timestamp() + interval '1 minute', j.started_at > now()
    from public.job_queue as j join private.job_leases as l on l.lease_id = j.lease_id where j.type = 'elsewhere'$$,
  $$values ('running', 1, 'two', 'testing', true, true, true)$$,
  'T6: it runs under a lease of a minute in the worker''s name'
);

select * from finish();
rollback;
