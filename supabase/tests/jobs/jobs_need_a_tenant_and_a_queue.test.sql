-- What foreign keys would refuse is refused by a trigger, once a batch.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(8);

select throws_ok(
  $$insert into public.job_queue (tenant_id, type) values (tests.tenant_id('acme'), 'a'), (tests.tenant_id('nobody'), 'b')$$,
  'PT404', 'There is no such tenant.', 'T6: a job needs a tenant, each of a batch'
);
select throws_ok(
  $$insert into public.job_queue (tenant_id, type, queue)
    values (tests.tenant_id('acme'), 'a', 'default'), (tests.tenant_id('acme'), 'b', 'none')$$,
  'PT404', 'There is no queue ''none''.', 'T6: and a queue'
);
select throws_ok(
  $$insert into private.job_keys (tenant_id, queue, dedupe_key, job_id)
    values (tests.tenant_id('nobody'), 'default', 'k', gen_random_uuid())$$,
  'PT404', 'There is no such tenant.', 'T6: so does a key'
);
select throws_ok(
  $$insert into private.job_keys (tenant_id, queue, dedupe_key, job_id)
    values (tests.tenant_id('acme'), 'none', 'k', gen_random_uuid())$$,
  'PT404', 'There is no queue ''none''.', 'T6: of both'
);
select throws_ok(
  $$select public.enqueue_jobs(jsonb_build_array(jsonb_build_object(
    'tenant_id', tests.tenant_id('acme'), 'type', 'a', 'queue', 'none', 'dedupe_key', 'k')))$$,
  'PT404', 'There is no queue ''none''.', 'T6: an unknown queue answers alike in a batch with keys'
);
select throws_ok(
  $$select public.enqueue_jobs('[{"type": "a"}]')$$, '23502',
  'null value in column "tenant_id" of relation "job_queue" violates not-null constraint', 'T6: a job without a tenant is none'
);
select lives_ok(
  $$insert into public.job_queue (tenant_id, type, queue)
    values (tests.tenant_id('acme'), 'a', 'default'), (tests.tenant_id('globex'), 'b', 'testing')$$,
  'T6: jobs of two tenants for two queues are taken'
);
select is((select count(*) from public.job_queue), 2::bigint, 'T6: both of them');

select * from finish();
rollback;
