-- A paused queue takes jobs and gives out none; what runs goes on.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(16);

select tests.enqueue('acme', 'first'), tests.enqueue('acme', 'other', 'testing');
select tests.claim();
select is(tests.value_as('service', $$select public.pause_queue('default', reason => 'Repairs.')$$), 'true', 'T6: a queue is paused');
select results_eq(
  $$select name, is_paused, paused_reason from ops.job_queues order by name$$,
  $$values ('default', true, 'Repairs.'), ('testing', false, null)$$, 'T6: it alone, with the reason'
);
select isnt(tests.enqueue('acme', 'second'), null, 'T6: it takes jobs');
select is(tests.claim(10), '{}', 'T6: and gives out none');
select is(tests.claim(10, 'testing'), '{other}', 'T6: others do');

select tests.let_leases_run_out();
select is(tests.claim(10), '{}', 'T6: what came back waits as well');
select is(tests.status_of('first'), 'queued', 'T6: but it did come back');
update ops.job_queues set max_running_per_tenant = 5 where name = 'default';
select is(tests.claim(10), '{}', 'T6: so with a limit');

select is(tests.value_as('service', $$select public.pause_queue('default', false, 'Over.')$$), 'false', 'T6: it goes on');
select results_eq(
  $$select is_paused, paused_reason from ops.job_queues where name = 'default'$$, $$values (false, null::text)$$,
  'T6: without a reason'
);
select is(tests.claim(10), '{first,second}', 'T6: with what waited');
select public.pause_queue('default');
select is(
  (select completed from private.job_leases as l cross join lateral public.complete_jobs(l.lease_id) where l.queue = 'default'), 2,
  'T6: what runs ends while it is paused'
);

select tests.throws_as('service', $$select public.pause_queue('none')$$, 'PT404', 'There is no queue ''none''.',
  'T6: an unknown queue is not paused');
select tests.throws_as('service', $$select public.pause_queue(null)$$, 'PT404', 'There is no queue null.', 'T6: nor is none');
select tests.throws_as('service', $$select public.pause_queue('default', null)$$, '22004', 'is_paused must be true or false.',
  'T6: null is neither');
select tests.throws_as('service', $$update ops.job_queues set is_paused = true$$, '42501',
  'permission denied for table job_queues', 'T6: and no other way leads there');

select * from finish();
rollback;
