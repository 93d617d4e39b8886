-- Many jobs in one call: each answered in its place, all of them or none.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(17);

create function tests.batch(variadic jobs jsonb[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('tenant_id', tests.tenant_id('acme'), 'type', 't') || j order by n)
  from unnest(jobs) with ordinality as u (j, n)
$$;
grant execute on function tests.batch(jsonb[]) to service_role;
create function tests.refuses(jobs jsonb, code text, message text, description text) returns text language sql as $$
  select tests.throws_as('service', format('select public.enqueue_jobs(%L)', jobs), code, message, description)
$$;

update ops.job_queues set max_attempts = 7 where name = 'testing';
select public.enqueue_job(tests.tenant_id('acme'), 'taken', dedupe_key => 'taken');
select public.enqueue_job(tests.tenant_id('acme'), 'free', dedupe_key => 'free', dedupe_window => '1 hour');
update private.job_keys set kept_until = now() where dedupe_key = 'free';

select tests.sign_in_as_service();
create temp table answers as
select * from public.enqueue_jobs(tests.batch(
  '{"type": "plain"}', '{"type": "kept", "dedupe_key": "new", "dedupe_window": "1 hour"}',
  '{"type": "again", "dedupe_key": "new"}', '{"type": "late", "dedupe_key": "taken"}', '{"type": "next", "dedupe_key": "free"}',
  '{"type": "full", "queue": "testing", "priority": 3, "run_at": "2100-01-01", "payload": {"n": 1}}',
  '{"type": "few", "max_attempts": 2}', '{"type": "elsewhere", "queue": "testing", "dedupe_key": "taken"}'
));
select tests.as_operator();

select results_eq(
  'select place, is_duplicate from answers',
  $$values (1, false), (2, false), (3, true), (4, true), (5, false), (6, false), (7, false), (8, false)$$,
  'T6: each job has an answer in its place'
);
select results_eq(
  $$select a.place, j.type from answers as a join public.job_queue as j on j.id = a.job_id order by 1$$,
  $$values (1, 'plain'), (2, 'kept'), (3, 'kept'), (4, 'taken'), (5, 'next'), (6, 'full'), (7, 'few'), (8, 'elsewhere')$$,
  'T6: a duplicate, in the batch or before it, names the job that holds the key'
);
select is((select count(*) from public.job_queue), 8::bigint, 'T6: and no job is made for it');
select results_eq(
  $$select queue, priority::integer, run_at, is_due, max_attempts::integer, payload
    from public.job_queue where type in ('plain', 'full', 'few') order by id$$,
  $$values ('default', 0, now(), true, 5, '{}'::jsonb), ('testing', 3, '2100-01-01'::timestamptz, false, 7, '{"n": 1}'),
    ('default', 0, now(), true, 2, '{}')$$,
  'T6: what is left out is filled in as for a single job, and the ids count up'
);
select results_eq(
  $$select dedupe_key, kept_until from private.job_keys where queue = 'default' order by 1$$,
  $$values ('free', null), ('new', now() + interval '1 hour'), ('taken', null)$$, 'T6: keys are kept as long as was said'
);
select is(
  (select count(distinct id) from public.enqueue_jobs(tests.batch(variadic array_fill('{}'::jsonb, array[10000]))) as b (place, id, d)),
  10000::bigint, 'T6: ten thousand jobs are enqueued in one call'
);
select is(
  (select array_agg(id order by id) from answers as a join public.job_queue as j on j.id = a.job_id and not a.is_duplicate),
  (select array_agg(job_id order by place) from answers where not is_duplicate), 'T6: in their order'
);
select is_empty('select from public.enqueue_jobs($$[]$$)', 'T6: none are none');
delete from public.job_queue;

select tests.refuses(tests.batch(variadic array_fill('{}'::jsonb, array[10001])), '22023',
  'jobs must be an array of at most 10000 jobs.', 'T6: 10,001 are too many');
select tests.refuses('{}', '22023', 'jobs must be an array of at most 10000 jobs.', 'T6: an object is no array');
select tests.refuses(null, '22023', 'jobs must be an array of at most 10000 jobs.', 'T6: neither is nothing');
select tests.refuses(tests.batch('{}', '{"prioriti": 1}'), '22023', 'Job 2 of the array is not an object of known fields.',
  'T6: an unknown field is named with its place');
select tests.refuses(tests.batch('{}') || '7', '22023', 'Job 2 of the array is not an object of known fields.', 'T6: a number');
select tests.refuses(tests.batch('{}', '{"dedupe_window": "1 hour"}'), '22023',
  'Job 2 of the array: dedupe_window must be longer than nothing and needs a dedupe_key.', 'T6: a window without a key');
select tests.refuses(tests.batch('{}', '{"dedupe_window": "0", "dedupe_key": "k"}'), '22023',
  'Job 2 of the array: dedupe_window must be longer than nothing and needs a dedupe_key.', 'T6: a window of nothing');
select tests.refuses(tests.batch('{}', jsonb_build_object('tenant_id', tests.tenant_id('nobody'), 'dedupe_key', 'k')), 'PT404',
  'There is no such tenant.', 'T6: an unknown tenant, also with a key');
select is((select count(*) from public.job_queue), 0::bigint, 'T6: of a batch that is refused nothing is kept');

select * from finish();
rollback;
