-- The figures of the four summaries, against rows counted by hand, and that they are those of the last refresh.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(9);
select private.freeze_visual_test_flow(tests.tenant_id('acme'), tests.id('flow', 'acme'));

insert into public.ai_generations (
  tenant_id, prompt, model, status, started_at, finished_at, result, error, prompt_tokens, completion_tokens, cost, created_at
)
select tests.tenant_id('acme'), 'Prompt', 'model-1', g.status, '2026-01-01 10:00:00Z',
  timestamptz '2026-01-01 10:00:00Z' + g.took, case g.status when 'succeeded' then '{}'::jsonb end,
  case g.status when 'failed' then 'No' end, 100, 10, 0.5, g.at::timestamptz
from (values
  ('succeeded', interval '1 s', '2026-01-01 10:00Z'), ('succeeded', '3 s', '2026-01-01 10:59:59Z'),
  ('failed', '9 s', '2026-01-01 10:30Z'), ('cancelled', '9 s', '2026-01-01 10:30Z'),
  ('succeeded', '7 s', '2026-01-01 11:00Z')
) as g (status, took, at);
insert into public.browser_sessions (tenant_id, browser, status, started_at, ended_at, artefacts, error, created_at)
select tests.tenant_id('acme'), s.browser, s.status, '2026-01-01 10:00Z', timestamptz '2026-01-01 10:00Z' + s.took,
  '[{"kind": "screenshot", "path": "a.png"}]', case s.status when 'failed' then 'No' end, s.at::timestamptz
from (values
  ('firefox', 'completed', interval '2 s', '2026-01-01 23:59Z'), ('firefox', 'failed', '4 s', '2026-01-01 00:00Z'),
  ('firefox', 'running', null, '2026-01-01 12:00Z'), ('webkit', 'cancelled', '1 s', '2026-01-01 12:00Z'),
  ('firefox', 'completed', '1 s', '2026-01-02 00:00Z')
) as s (browser, status, took, at);
insert into public.finished_jobs (
  tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, started_at, created_at, finished_at, payload, error
)
select tests.tenant_id('acme'), private.uuid_v7(), 'default', 'noop', j.status, 0, '2026-01-01 10:00:00Z', j.attempt, 5,
  '2026-01-01 10:00:02Z', '2026-01-01 10:00Z', timestamptz '2026-01-01 10:00:02Z' + j.took, '{}',
  case j.status when 'dead' then 'No' end
from (values ('succeeded', 1, interval '1 s'), ('succeeded', 2, '3 s'), ('dead', 5, '5 s'), ('succeeded', 1, '1 hour'))
  as j (status, attempt, took);
insert into public.finished_jobs (
  tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, created_at, finished_at, payload
)
values (tests.tenant_id('acme'), private.uuid_v7(), 'default', 'noop', 'cancelled', 0, '2026-01-01 10:00Z', 0, 5,
  '2026-01-01 10:00Z', '2026-01-01 10:30Z', '{}');
insert into public.scheduled_test_executions (
  tenant_id, flow_id, flow_version, due_at, status, started_at, finished_at
)
select tests.tenant_id('acme'), tests.id('flow', 'acme'), 1, e.due::timestamptz, e.status,
  case when e.took is not null then timestamptz '2026-01-01 10:00Z' end, timestamptz '2026-01-01 10:00Z' + e.took
from (values
  ('2026-01-01 00:00Z', 'passed', interval '2 s'), ('2026-01-01 23:59Z', 'passed', '4 s'), ('2026-01-01 12:00Z', 'failed', '6 s'),
  ('2026-01-01 12:01Z', 'error', '8 s'), ('2026-01-01 12:02Z', 'queued', null), ('2026-01-02 00:00Z', 'failed', '2 s')
) as e (due, status, took);

select ops.refresh_materialized_views();
select tests.sign_in('acme_viewer');
select results_eq(
  $$select hour, model, generations, succeeded, failed, cancelled, success_share, average_ms, p95_ms, prompt_tokens,
      completion_tokens, cost
    from public.ai_generation_performance order by hour$$,
  $$values ('2026-01-01 10:00Z'::timestamptz, 'model-1', 4::bigint, 2::bigint, 1::bigint, 1::bigint, 0.6667, 2000::bigint,
      2900::bigint, 400::bigint, 40::bigint, 2::numeric),
    ('2026-01-01 11:00Z', 'model-1', 1, 1, 0, 0, 1, 7000, 7000, 100, 10, 0.5)$$,
  'T7: generations by hour, and a quarter past belongs to its hour'
);
select results_eq(
  $$select day, browser, sessions, completed, failed, cancelled, open, average_ms, p95_ms, artefacts
    from public.browser_session_stats order by day, browser$$,
  $$values ('2026-01-01'::date, 'firefox', 3::bigint, 1::bigint, 1::bigint, 0::bigint, 1::bigint, 3000::bigint, 3900::bigint, 3::bigint),
    ('2026-01-01', 'webkit', 1, 0, 0, 1, 0, 1000, 1000, 1), ('2026-01-02', 'firefox', 1, 1, 0, 0, 0, 1000, 1000, 1)$$,
  'T7: sessions by day and browser'
);
select results_eq(
  $$select hour, queue, type, jobs, succeeded, dead, cancelled, attempts, average_wait_ms, p95_wait_ms, average_run_ms, p95_run_ms
    from public.job_queue_performance order by hour$$,
  $$values ('2026-01-01 10:00Z'::timestamptz, 'default', 'noop', 4::bigint, 2::bigint, 1::bigint, 1::bigint, 8::bigint, 2000::bigint,
      2000::bigint, 3000::bigint, 4800::bigint),
    ('2026-01-01 11:00Z', 'default', 'noop', 1, 1, 0, 0, 1, 2000, 2000, 3600000, 3600000)$$,
  'T7: jobs by the hour in which they ended'
);
select results_eq(
  $$select day, flow_id, executions, passed, failed, errors, cancelled, pass_share, average_ms, p95_ms
    from public.test_execution_trends order by day$$,
  $$values ('2026-01-01'::date, tests.id('flow', 'acme'), 5::bigint, 2::bigint, 1::bigint, 1::bigint, 0::bigint, 0.6667, 5000::bigint, 7700::bigint),
    ('2026-01-02', tests.id('flow', 'acme'), 1, 0, 1, 0, 0, 0, 2000, 2000)$$,
  'T7: executions by the day on which they were due'
);
select is(tests.rows_as('globex_member', format('select from public.%I', name)), 0, format('S4: another tenant sees none of %s', name))
from unnest('{ai_generation_performance, browser_session_stats, job_queue_performance, test_execution_trends}'::text[]) as name;
delete from public.ai_generations;
select tests.sign_in('acme_viewer');
select is((select count(*) from public.ai_generation_performance), 2::bigint, 'T7: until the next refresh');

select * from finish();
rollback;
