-- The figures of a queue: what waits, comes later, runs, is dead, and who works.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(6);

create function tests.stats(queue text) returns text language sql as $$
  select to_jsonb(s)::text from public.get_queue_stats(queue) as s
$$;
create function tests.figures(queue text, figures jsonb) returns text language sql as $$
  select ('{"queue": null, "is_paused": false, "waiting": 0, "later": 0, "running": 0, "dead": 0, "waiting_tenants": 0,
    "oldest_waiting_since": null, "expired_leases": 0, "workers": 0, "succeeded_last_hour": 0, "dead_last_hour": 0}'::jsonb
    || jsonb_build_object('queue', queue) || figures)::text
$$;
select is(tests.value_as('service', $$select to_jsonb(s) from public.get_queue_stats('testing') as s$$),
  tests.figures('testing', '{}'), 'T6: an empty queue');

insert into public.job_queue (tenant_id, type, run_at, is_due, priority)
values
  (tests.tenant_id('acme'), 'run', now() - interval '1 hour', true, 9),
  (tests.tenant_id('globex'), 'run', now() - interval '1 hour', true, 9),
  (tests.tenant_id('acme'), 'lost', now(), true, 8),
  (tests.tenant_id('acme'), 'oldest', now() - interval '2 hours', true, 0),
  (tests.tenant_id('acme'), 'waiting', now(), true, 0),
  (tests.tenant_id('globex'), 'not noticed yet', now() - interval '1 minute', false, 0),
  (tests.tenant_id('globex'), 'later', now() + interval '1 minute', false, 0);
-- Jobs made due by a claim would not be seen as such: leases as claims write them.
update public.job_queue set status = 'running', started_at = now(), attempt = 1,
  lease_id = case type when 'run' then tests.id('lease', 'a') else tests.id('lease', 'b') end
where type in ('run', 'lost');
insert into private.job_leases (lease_id, queue, worker, tenant_ids, job_ids, expires_at)
select j.lease_id, 'default', 'w', array_agg(j.tenant_id), array_agg(j.id), case j.type when 'lost' then now() else 'infinity' end
from public.job_queue as j where j.status = 'running' group by j.lease_id, j.type;
insert into private.job_workers (queue, worker, seen_at)
values ('default', 'here', now()), ('default', 'here too', now() - interval '59 s'), ('default', 'gone', now() - interval '1 minute');
insert into public.finished_jobs (tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, created_at,
  finished_at, payload, error)
select tests.tenant_id('acme'), private.uuid_v7(), 'default', 'over', s.status, 0, now(), 1, 1, now(), now() - s.age, '{}', 'No.'
from (values
  ('succeeded', interval '0'), ('succeeded', '59 minutes'), ('succeeded', '1 hour'),
  ('dead', '0'), ('dead', '1 hour'), ('dead', '1 day'), ('cancelled', '0')
) as s (status, age);

select is(
  tests.stats('default'),
  tests.figures('default', jsonb_build_object(
    'waiting', 3, 'later', 1, 'running', 3, 'dead', 3, 'waiting_tenants', 2, 'oldest_waiting_since', now() - interval '2 hours',
    'expired_leases', 1, 'workers', 2, 'succeeded_last_hour', 2, 'dead_last_hour', 1)),
  'T6: each is counted once, the last minute and hour are'
);
select is(tests.stats('testing'), tests.figures('testing', '{}'), 'T6: not in another queue');
select public.pause_queue('testing');
select is(tests.stats('testing'), tests.figures('testing', '{"is_paused": true}'), 'T6: a paused one says so');
select results_eq(
  'select queue from public.get_queue_stats()', array['default', 'testing'], 'T6: left out, it is every queue'
);
select is_empty($$select from public.get_queue_stats('none')$$, 'T6: of an unknown one there is nothing to say');

select * from finish();
rollback;
