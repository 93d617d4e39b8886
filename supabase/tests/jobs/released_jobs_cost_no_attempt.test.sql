-- What a worker gives back without having begun waits again as if it had never been given out.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(9);

select tests.enqueue('acme', n::text, priority => -n) from generate_series(1, 4) as n;
create temp table before as select * from public.job_queue;
select tests.claim(4);
create temp table lease as select lease_id as id from private.job_leases;
grant select on lease to service_role;

select is(tests.value_as('service', $$select public.release_jobs(id, array[tests.job_id('2'), tests.job_id('3')]) from lease$$), '2',
  'T6: some of a lease are given back');
select results_eq(
  $$select * from public.job_queue where type in ('2', '3') order by id$$, $$select * from before where type in ('2', '3') order by id$$,
  'T6: they are as they were'
);
select results_eq(
  $$select type from public.job_queue where status = 'running' order by 1$$, array['1', '4'], 'T6: the others run on'
);
select is_empty('select * from tests.broken_jobs', 'T6: under their lease');
select is((select public.release_jobs(id, array[tests.job_id('2')]) from lease), 0, 'T6: what does not run is not given back');
select is((select public.release_jobs(id) from lease), 2, 'T6: all that is left is');
select is_empty('select from private.job_leases', 'T6: and the lease ends');
select results_eq('select * from public.job_queue order by id', 'select * from before order by id', 'T6: nothing has happened');
select is(tests.claim(4), '{1,2,3,4}', 'T6: and all are given out again');

select * from finish();
rollback;
