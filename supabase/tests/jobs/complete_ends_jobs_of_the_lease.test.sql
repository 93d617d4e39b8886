-- A worker completes all of a lease, some of it, with results or without.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(15);

insert into public.job_queue (tenant_id, type, run_at, priority, payload, requested_by, dedupe_key)
select tests.tenant_id(t), format('%s %s', t, n), now() - interval '1 hour', 2, '{"n": 1}', tests.user_id('acme_member'), n::text
from unnest('{acme,globex}'::text[]) as t, generate_series(1, 3) as n;
select tests.claim(6);
create temp table lease as select lease_id as id from private.job_leases;
grant select on lease to service_role;
create temp table before as select * from public.job_queue;

select tests.sign_in_as_service();
select results_eq(
  $$select c.completed, c.lost from lease cross join lateral public.complete_jobs(id,
    array[tests.job_id('acme 1'), tests.job_id('globex 1')],
    jsonb_build_object(tests.job_id('acme 1'), '{"sent": true}'::jsonb)) as c$$,
  $$values (2, '{}'::uuid[])$$, 'T6: some of a lease are completed'
);
select tests.as_operator();
select results_eq(
  'select type, result from public.finished_jobs order by type',
  $$values ('acme 1', '{"sent": true}'::jsonb), ('globex 1', null)$$, 'T6: each with its own result'
);
select is_empty(
  $$select b.tenant_id, b.id, b.queue, b.type, b.priority, b.run_at, b.attempt, b.max_attempts, b.started_at, b.requested_by,
      b.created_at, b.dedupe_key, b.payload, 'succeeded', null
    from before as b where type like '% 1'
    except
    select tenant_id, id, queue, type, priority, run_at, attempt, max_attempts, started_at, requested_by, created_at, dedupe_key,
      payload, status, error from public.finished_jobs$$,
  'T6: and all else that was known of it'
);
select is((select bool_and(finished_at > started_at) from public.finished_jobs), true, 'T6: and when it ended');
select is((select count(*) from public.job_queue where status = 'running'), 4::bigint, 'T6: the others run on');
select is(
  (select array_agg(i order by i) from private.job_leases as l cross join lateral unnest(l.job_ids) as i),
  (select array_agg(id order by id) from public.job_queue), 'T6: under the same lease'
);
select is_empty('select * from tests.broken_jobs', 'T6: where each keeps its tenant');

select results_eq(
  $$select c.completed, c.lost from lease cross join lateral public.complete_jobs(id,
    array[tests.job_id('acme 1'), tests.job_id('acme 2'), tests.job_id('acme 2')]) as c$$,
  $$select 1, array[tests.job_id('acme 1')]$$, 'T6: one that is over is named as lost, the other one ends'
);
select results_eq(
  $$select c.completed, c.lost from lease cross join lateral public.complete_jobs(id, '{}') as c$$,
  $$values (0, '{}'::uuid[])$$, 'T6: none are none'
);
select results_eq(
  $$select c.completed, c.lost from lease cross join lateral public.complete_jobs(id) as c$$,
  $$values (3, '{}'::uuid[])$$, 'T6: all that is left'
);
select is_empty('select from private.job_leases', 'T6: a lease without jobs ends');
select results_eq(
  $$select c.completed, c.lost from lease cross join lateral public.complete_jobs(id, array[tests.job_id('acme 2')]) as c$$,
  $$select 0, array[tests.job_id('acme 2')]$$, 'T6: and completes nothing'
);

select throws_ok(
  $$select public.complete_jobs(id, results => '[]') from lease$$, '22023',
  'results must be an object with the ids of jobs as keys.', 'T6: results are an object'
);
select is_empty('select from private.job_keys', 'T6: no key is left');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
