-- Jobs of a suspended or closed tenant wait until it is active again; nobody waits for them.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(7);

select tests.enqueue(t, t) from unnest('{acme,globex,initech}'::text[]) as t, generate_series(1, 2);
-- More of them in a row than are looked at together.
insert into public.tenants (id, name, slug, status)
select (lpad(to_hex(n), 8, '0') || '-0000-0000-0000-000000000000')::uuid, 'T', 'tests-closed-' || n, 'closed'
from generate_series(1, 10) as n;
insert into public.job_queue (tenant_id, type) select t.id, 'closed' from public.tenants as t where t.status = 'closed';

select is(tests.claim_often(4, 1), 'acme 2, globex 2', 'T6: active tenants get their turn');
select is(tests.claim(100), '{}', 'T6: others are passed over');
update public.tenants set status = 'active' where id = tests.tenant_id('initech');
select is(tests.claim(100), '{initech,initech}', 'T6: and served when they are active again');

-- One whose jobs are all at work stands in the way of nobody either.
select tests.enqueue('globex', 'globex') from generate_series(1, 3);
select is(tests.claim_often(3, 1), 'globex 3', 'T6: tenants whose jobs all run are passed over');

select tests.claim();
select results_eq(
  $$select seen_at > now(), is_listening from private.job_workers$$, $$values (true, false)$$,
  'T6: a worker is seen, also when it gets nothing'
);
update public.tenants set status = 'suspended' where id = tests.tenant_id('globex');
select is(
  (select completed from private.job_leases as l cross join lateral public.complete_jobs(l.lease_id) limit 1), 1,
  'T6: what runs is completed all the same'
);
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
