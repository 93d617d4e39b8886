-- No tenant has more jobs at work in a queue than its limit, or the queue's, says.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(15);

select tests.enqueue_many('acme', 'acme', 50), tests.enqueue_many('globex', 'globex', 50);
create function tests.running(tenant text) returns bigint language sql stable return (
  select count(*) from public.job_queue as j where j.tenant_id = tests.tenant_id(tenant) and j.status = 'running');
insert into ops.job_queues (name, max_running_per_tenant) values ('narrow', 2);

update ops.job_queues set max_running_per_tenant = 3 where name = 'default';
select is(tests.claim_often(1, 20), 'acme 3, globex 3', 'T6: the queue''s limit holds for each tenant');
select is(tests.claim_often(1, 20, 'another'), null, 'T6: for all workers together');
select public.complete_jobs(lease_id, job_ids[1:1]) from private.job_leases;
select is(tests.claim_often(3, 1), (
  select case f.tenant_id when tests.tenant_id('acme') then 'acme 1' else 'globex 1' end from public.finished_jobs as f
), 'T6: a job that is over makes room for one');

insert into ops.job_tenant_limits (tenant_id, queue, max_running) values (tests.tenant_id('acme'), 'default', 5);
select is(tests.claim_often(1, 20), 'acme 2', 'T6: a tenant''s own limit comes before the queue''s, above it');
update ops.job_tenant_limits set max_running = 1 where tenant_id = tests.tenant_id('acme');
select public.release_jobs(l.lease_id) from private.job_leases as l;
select is(tests.claim_often(1, 20), 'acme 1, globex 3', 'T6: or below');

select tests.let_leases_run_out();
select is(tests.claim_often(1, 20, 'another'), 'acme 1, globex 3', 'T6: jobs whose worker is gone count no more');
update ops.job_tenant_limits set max_running = null where tenant_id = tests.tenant_id('acme');
select is(tests.claim_often(1, 20), 'acme 20', 'T6: null lifts it');

update ops.job_tenant_limits set max_running = 1;
select public.release_jobs(l.lease_id) from private.job_leases as l;
update ops.job_queues set max_running_per_tenant = null where name = 'default';
select is(tests.claim_often(1, 20), 'acme 1, globex 19', 'T6: a limit of one tenant alone is kept too');
delete from ops.job_tenant_limits;
select is(tests.claim_often(2, 10), 'acme 10, globex 10', 'T6: without limits there is none');

-- Elsewhere, at the same time.
select tests.enqueue('acme', 'narrow', 'narrow') from generate_series(1, 3);
insert into ops.job_tenant_limits (tenant_id, queue, max_running) values (tests.tenant_id('acme'), 'testing', 1);
select is(tests.claim(10, 'narrow'), '{narrow,narrow}', 'T6: a queue counts its own jobs, by its own limits');
select tests.enqueue('acme', 'testing', 'testing') from generate_series(1, 2);
select is(tests.claim(10, 'testing'), '{testing}', 'T6: one that is kept to one has one');
select is(tests.claim(10, 'testing'), '{}', 'T6: and no other');
select public.cancel_job(j.tenant_id, j.id) from public.job_queue as j where j.queue = 'testing' and j.status = 'running';
select is(tests.claim(10, 'testing'), '{testing}', 'T6: until that is cancelled');

select is(tests.running('acme') > 10, true, 'T6: there was something to count');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
