-- A plan made beside a few jobs may find the primary key, which is smaller, and sorting, cheaper than the index in the order
-- of claims. With a backlog that reads all of it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(2);

create function tests.fetched() returns bigint language sql volatile return (
  select idx_tup_fetch from pg_stat_xact_user_tables where relid = 'public.job_queue'::regclass);

analyze public.job_queue;
select tests.enqueue_many('acme', 'few', 180);
select tests.claim(10);
select tests.enqueue_many('acme', 'many', 20000);
create temp table before as select tests.fetched() as rows;
select is(cardinality(tests.claim(10)), 10, 'T6: a claim beside a backlog gets its jobs');
select cmp_ok(tests.fetched() - (select rows from before), '<', 100::bigint, 'T6: and reads few others');

select * from finish();
rollback;
