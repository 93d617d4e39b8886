-- A job for later is out of the way until its time, and then like any other.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(9);

select public.enqueue_job(tests.tenant_id('acme'), 'later', priority => 9, run_at => clock_timestamp() + interval '1 hour');
select public.enqueue_job(tests.tenant_id('acme'), 'other queue', queue => 'testing', run_at => now() + interval '1 hour');
select tests.enqueue('acme', 'now');

select is(tests.claim(10), '{now}', 'T6: a job is not given out before its time');
select is(tests.claim(10), '{}', 'T6: how often one asks');
select ok(not (select is_due from public.job_queue where type = 'later'), 'T6: until then it is kept apart');

select tests.let_jobs_come_due();
select is(tests.claim(10), '{later}', 'T6: at its time it is');
select ok((select is_due from public.job_queue where type = 'later'), 'T6: and kept with the others');
select ok(not (select is_due from public.job_queue where type = 'other queue'), 'T6: a claim looks at its own queue');
select is(tests.claim(10, 'testing'), '{"other queue"}', 'T6: another one at the other');

-- More than one claim moves.
insert into public.job_queue (tenant_id, type, is_due, run_at)
select tests.tenant_id('acme'), n::text, false, now() - n * interval '1 second' from generate_series(1, 5001) as n;
select tests.claim();
select results_eq('select type from public.job_queue where not is_due', array['1'], 'T6: the longest due come first');
select is((select count(*) from public.job_queue where is_due and status = 'queued'), 4999::bigint, 'T6: five thousand a claim');

select * from finish();
rollback;
