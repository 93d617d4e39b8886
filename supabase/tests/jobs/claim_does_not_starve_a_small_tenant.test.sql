-- A tenant with 100,000 jobs ahead delays another tenant's ten by no more than as many of its own.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(7);

select tests.enqueue_many('acme', 'many', 100000);
analyze public.job_queue;
select tests.enqueue_many('globex', 'few', 10);

select is(tests.claim_often(20, 1, 'one'), 'few 10, many 10', 'T6: one job a time: turn by turn');
select is(tests.claim_often(1, 1, 'one'), 'many 1', 'T6: when one has no more, the other goes on');

select tests.enqueue_many('globex', 'few', 10);
select is(tests.claim_often(2, 10, 'ten'), 'few 10, many 10', 'T6: ten a time: half and half');

select tests.enqueue_many('globex', 'few', 10);
select is(tests.claim_often(1, 50, 'fifty'), 'few 10, many 40', 'T6: fifty a time: who has more fills the batch');

select tests.enqueue_many('globex', 'few', 10);
select is(tests.claim_often(5, 2, 'one'), 'few 5, many 5', 'T6: a worker with small batches');
select is(tests.claim_often(5, 2, 'another'), 'few 5, many 5', 'T6: and another one beside it');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
