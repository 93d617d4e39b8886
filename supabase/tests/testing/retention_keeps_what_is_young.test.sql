-- Each table of the product is cleaned up by its own policy, by hand or by the maintenance.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(26);

select results_eq(
  $$select relation, keep from ops.retention_policies
    where relation in ('public.ai_generations', 'public.browser_sessions', 'public.scheduled_test_executions',
      'public.finished_jobs') order by 1$$,
  $$values ('public.ai_generations', interval '90 days'), ('public.browser_sessions', interval '30 days'),
    ('public.finished_jobs', interval '7 days'), ('public.scheduled_test_executions', interval '60 days')$$,
  'T8: what is kept how long'
);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}');

-- Three rows of each: a day too old, just inside, of now.
create function tests.times(keep interval) returns setof timestamptz language sql stable
  return unnest(array[now() - keep - interval '1 day', now() - keep + interval '1 minute', now()]);
select private.freeze_visual_test_flow(tests.tenant_id('acme'), tests.id('flow', 'acme'));
insert into public.ai_generations (tenant_id, prompt, model, created_at)
select tests.tenant_id('acme'), 'Prompt', 'model-1', at from tests.times('90 days') as at;
insert into public.browser_sessions (tenant_id, browser, created_at)
select tests.tenant_id('acme'), 'firefox', at from tests.times('30 days') as at;
insert into public.scheduled_test_executions (tenant_id, schedule_id, flow_id, flow_version, due_at, created_at)
select tests.tenant_id('acme'), tests.schedule_id('nightly'), tests.id('flow', 'acme'), 1, at, at
from tests.times('60 days') as at;
insert into public.finished_jobs (
  tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, created_at, finished_at, payload
)
select tests.tenant_id('acme'), private.uuid_v7(), 'default', 'noop', 'succeeded', 0, at, 1, 5, at, at, '{}'
from tests.times('7 days') as at;
insert into public.job_queue (tenant_id, type, created_at) values (tests.tenant_id('acme'), 'noop', now() - interval '1 year');

select tests.sign_in_as_service();
select results_eq(format('select * from public.cleanup_old_%s()', what), $$values (1::bigint, false)$$,
  format('T8: cleanup_old_%s removes the old one and says so', what))
from unnest('{ai_generations, browser_sessions, scheduled_executions, job_queue}'::text[]) as what;
select results_eq(format('select * from public.cleanup_old_%s()', what), $$values (0::bigint, false)$$,
  format('T8: cleanup_old_%s then has nothing to do', what))
from unnest('{ai_generations, browser_sessions, scheduled_executions, job_queue}'::text[]) as what;
select tests.as_operator();
select is(tests.rows(format('select from public.%I', name)), 2, format('T8: the young of %s are all there', name))
from unnest('{ai_generations, browser_sessions, scheduled_test_executions, finished_jobs}'::text[]) as name;
select is((select count(*) from public.job_queue), 1::bigint, 'T8: a job that waits is never too old');

select tests.sign_in_as_service();
update ops.retention_policies set keep = '1 day'
where relation in ('public.ai_generations', 'public.browser_sessions', 'public.scheduled_test_executions', 'public.finished_jobs');
select results_eq(format('select * from public.cleanup_old_%s()', what), $$values (1::bigint, false)$$,
  format('T8: cleanup_old_%s goes by the table of policies', what))
from unnest('{ai_generations, browser_sessions, scheduled_executions, job_queue}'::text[]) as what;
select tests.throws_as('acme_owner', format('select public.cleanup_old_%s()', what), '42501',
  format('permission denied for function cleanup_old_%s', what), format('T8: an owner does not call cleanup_old_%s', what))
from unnest('{ai_generations, browser_sessions, scheduled_executions, job_queue}'::text[]) as what;

select tests.as_operator();
select is(
  (select count(*)::integer from ops.plan_maintenance() where name = 'clean_up' and target in (
    'public.ai_generations', 'public.browser_sessions', 'public.scheduled_test_executions', 'public.finished_jobs')),
  4, 'T8: the maintenance does the same'
);
select set_eq($$select name from ops.schedules where name ~ 'maintenance'$$,
  '{run-maintenance-quick, run-maintenance-full}'::text[], 'T8: which is scheduled');
select is((select batch_size from ops.retention_policies where relation = 'public.finished_jobs'), 50000,
  'T8: finished jobs go in batches as large as a busy day needs');
select throws_ok(
  $$update ops.retention_policies set keep = '59 minutes' where relation = 'public.finished_jobs'$$, '23514',
  'new row for relation "retention_policies" violates check constraint "keep_is_not_below_the_least"',
  'T8: nobody wipes out what has just ended'
);

select * from finish();
rollback;
