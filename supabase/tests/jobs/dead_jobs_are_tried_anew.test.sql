-- Dead jobs go back into their queue with all their attempts, by queue, tenant and id.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(18);

create function tests.bury(type text, tenant text default 'acme', age interval default '0', key text default null,
  queue text default 'default', status text default 'dead') returns void language sql as $$
  insert into public.finished_jobs (tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, started_at,
    requested_by, created_at, finished_at, dedupe_key, payload, error)
  values (tests.tenant_id(tenant), private.uuid_v7(), queue, type, status, 3, now() - interval '2 hours', 4, 4, now(),
    tests.user_id('acme_member'), now() - interval '3 hours', now() - age, key, '{"n": 1}', 'No.')
$$;
create function tests.retry(arguments text) returns text language sql as $$
  select tests.value_as('service', format('select public.retry_dead_jobs(%s)', arguments))
$$;
select tests.bury('one', age => '2 hours', key => 'k'), tests.bury('two', age => '1 hour'), tests.bury('three');
select tests.bury('globex one', 'globex'), tests.bury('elsewhere', queue => 'testing');
select tests.bury('cancelled', status => 'cancelled'), tests.bury('succeeded', status => 'succeeded');

select is(tests.retry($$'default', at_most => 1$$), '1', 'T6: so many');
select results_eq(
  $$select queue, type, status, priority::integer, run_at, is_due, attempt::integer, max_attempts::integer, started_at,
      requested_by, created_at, dedupe_key, payload, last_error from public.job_queue$$,
  $$values ('default', 'one', 'queued', 3, now(), true, 0, 4, null::timestamptz, tests.user_id('acme_member'),
    now() - interval '3 hours', 'k', '{"n": 1}'::jsonb, 'No.')$$,
  'T6: the oldest first, with all its attempts, at once'
);
select is((select job_id from private.job_keys), tests.job_id('one'), 'T6: it holds its key again');
select is(tests.retry(format('%L, %L', 'default', tests.tenant_id('globex'))), '1', 'T6: those of a tenant');
select is(tests.status_of('globex one'), 'queued', 'T6: and no other''s');
select is(tests.retry(format('%L, job_ids => %L', 'default', array[tests.job_id('three')])), '1', 'T6: these');
select is(tests.status_of('two'), 'dead', 'T6: and no others');
select is(tests.retry(format('%L, %L, %L', 'default', tests.tenant_id('globex'), array[tests.job_id('two')])), '0',
  'S2: an id of another tenant is none');
select is(tests.retry(format('%L, job_ids => %L', 'default', array[tests.job_id('cancelled'), tests.job_id('succeeded')])), '0',
  'T6: only dead ones');
select is(tests.retry($$'default'$$), '1', 'T6: all that are left');
select is(tests.status_of('elsewhere'), 'dead', 'T6: of their queue');

-- Of two with one key, and of one whose key another job holds, none is done twice.
select tests.bury('twin', key => 't', age => '1 hour'), tests.bury('other twin', key => 't'), tests.bury('late', key => 'k');
select is(tests.retry($$'default'$$), '1', 'T6: a key is given to one job');
select results_eq(
  $$select type from public.finished_jobs where queue = 'default' and status = 'dead' order by type$$, array['late', 'other twin'],
  'T6: those that do not get theirs stay dead'
);
select tests.claim(10);
select is((select array_agg(attempt) from public.job_queue where type = 'one'), '{1}', 'T6: the first attempt is the first again');
select tests.throws_as('service', $$select public.retry_dead_jobs('default', at_most => 0)$$, '22023',
  'at_most must be between 1 and 10000, and is 0.', 'T6: none is not at most');
select tests.throws_as('service', $$select public.retry_dead_jobs('default', at_most => 10001)$$, '22023',
  'at_most must be between 1 and 10000, and is 10001.', 'T6: ten thousand are');
select tests.throws_as('service', $$select public.retry_dead_jobs('default', at_most => null)$$, '22023',
  'at_most must be between 1 and 10000, and is null.', 'T6: all are not');
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
