-- With a tenant goes all that it had in the queue, and nothing of anybody else.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(11);

select public.enqueue_job(tests.tenant_id(t), t || ' waits', dedupe_key => 'k', dedupe_window => '1 hour',
  run_at => now() + interval '1 hour')
from unnest('{acme,globex}'::text[]) as t;
select tests.enqueue('acme', 'acme over'), tests.enqueue('globex', 'globex over'), tests.claim(2);
select public.complete_jobs(lease_id) from private.job_leases;
select tests.enqueue('acme', 'acme 1'), tests.enqueue('acme', 'acme 2'), tests.claim(2, worker => 'of one');
select tests.enqueue('acme', 'acme 3'), tests.enqueue('globex', 'globex 3'), tests.enqueue('globex', 'globex 4');
select tests.claim(3, worker => 'of both');
insert into ops.job_tenant_limits (tenant_id, queue, max_running)
select tests.tenant_id(t), 'default', 1 from unnest('{acme,globex}'::text[]) as t;
create temp table lease as select tests.lease_of('globex 3') as id;

select is((select count(*) from public.job_queue), 7::bigint, 'T6: there are jobs of two tenants');
select is((select count(*) from private.job_leases), 2::bigint, 'T6: a lease of one and a lease of both');
delete from public.tenants where id = tests.tenant_id('acme');

select results_eq(
  'select type from public.job_queue order by type', array['globex 3', 'globex 4', 'globex waits'], 'C12: its jobs are gone'
);
select results_eq('select type from public.finished_jobs', array['globex over'], 'C12: those that are over too');
select results_eq('select distinct tenant_id from private.job_keys', array[tests.tenant_id('globex')], 'C12: and its keys');
select results_eq('select tenant_id from ops.job_tenant_limits', array[tests.tenant_id('globex')], 'C12: and its limits');
select results_eq(
  $$select lease_id, tenant_ids, (select array_agg(i order by i) from unnest(job_ids) as i) from private.job_leases$$,
  $$select id, array[tests.tenant_id('globex'), tests.tenant_id('globex')],
      (select array_agg(j.id order by j.id) from public.job_queue as j where j.status = 'running') from lease$$,
  'C12: a lease of its jobs alone is over, one with others keeps those'
);
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');
select results_eq(
  'select c.completed, c.lost from lease cross join lateral public.complete_jobs(id) as c', $$values (2, '{}'::uuid[])$$,
  'T6: the worker completes what is left'
);
select is_empty('select from private.job_leases', 'T6: and the lease is over');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
