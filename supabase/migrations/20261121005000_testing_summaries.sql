-- Summaries of the testing product: materialized, private, each behind a tenant-filtered view. (T7, S4)
-- Computed for all tenants at each refresh, so that reading one tenant's costs the same beside a
-- million rows as beside ten. They reach back as far as retention keeps the rows.

create materialized view private.ai_generation_performance as
select
  g.tenant_id,
  date_trunc('hour', g.created_at, 'UTC') as hour,
  g.model,
  count(*) as generations,
  count(*) filter (where g.status = 'succeeded') as succeeded,
  count(*) filter (where g.status = 'failed') as failed,
  count(*) filter (where g.status = 'cancelled') as cancelled,
  round(
    count(*) filter (where g.status = 'succeeded')::numeric
      / nullif(count(*) filter (where g.status in ('succeeded', 'failed')), 0),
    4
  ) as success_share,
  round(avg(g.duration_ms) filter (where g.status = 'succeeded'))::bigint as average_ms,
  round(percentile_cont(0.95) within group (order by g.duration_ms) filter (where g.status = 'succeeded'))::bigint
    as p95_ms,
  coalesce(sum(g.prompt_tokens), 0)::bigint as prompt_tokens,
  coalesce(sum(g.completion_tokens), 0)::bigint as completion_tokens,
  coalesce(sum(g.cost), 0) as cost
from public.ai_generations as g
group by g.tenant_id, date_trunc('hour', g.created_at, 'UTC'), g.model;
comment on materialized view private.ai_generation_performance is
  'Generations per tenant, hour in which they were asked for (UTC) and model, as of the last refresh. '
  'success_share: of those that were not cancelled, 0 to 1. Times are of those that succeeded.';

create unique index ai_generation_performance_key on private.ai_generation_performance (tenant_id, hour, model);

call private.publish_materialized_view('ai_generation_performance', read => 'viewer');


create materialized view private.browser_session_stats as
select
  s.tenant_id,
  (s.created_at at time zone 'utc')::date as day,
  s.browser,
  count(*) as sessions,
  count(*) filter (where s.status = 'completed') as completed,
  count(*) filter (where s.status = 'failed') as failed,
  count(*) filter (where s.status = 'cancelled') as cancelled,
  count(*) filter (where s.status in ('starting', 'running')) as open,
  round(avg(s.duration_ms))::bigint as average_ms,
  round(percentile_cont(0.95) within group (order by s.duration_ms))::bigint as p95_ms,
  coalesce(sum(s.artefact_count), 0)::bigint as artefacts
from public.browser_sessions as s
group by s.tenant_id, (s.created_at at time zone 'utc')::date, s.browser;
comment on materialized view private.browser_session_stats is
  'Browser sessions per tenant, day on which they were opened (UTC) and browser, as of the last '
  'refresh. Times are of those that have ended.';

create unique index browser_session_stats_key on private.browser_session_stats (tenant_id, day, browser);

call private.publish_materialized_view('browser_session_stats', read => 'viewer');


create materialized view private.job_queue_performance as
select
  f.tenant_id,
  date_trunc('hour', f.finished_at, 'UTC') as hour,
  f.queue,
  f.type,
  count(*) as jobs,
  count(*) filter (where f.status = 'succeeded') as succeeded,
  count(*) filter (where f.status = 'dead') as dead,
  count(*) filter (where f.status = 'cancelled') as cancelled,
  sum(f.attempt)::bigint as attempts,
  round(avg(w.wait_ms))::bigint as average_wait_ms,
  round(percentile_cont(0.95) within group (order by w.wait_ms))::bigint as p95_wait_ms,
  round(avg(w.run_ms))::bigint as average_run_ms,
  round(percentile_cont(0.95) within group (order by w.run_ms))::bigint as p95_run_ms
from public.finished_jobs as f
cross join lateral (
  select
    extract(epoch from f.started_at - f.run_at)::double precision * 1000 as wait_ms,
    extract(epoch from f.finished_at - f.started_at)::double precision * 1000 as run_ms
) as w
group by f.tenant_id, date_trunc('hour', f.finished_at, 'UTC'), f.queue, f.type;
comment on materialized view private.job_queue_performance is
  'Jobs per tenant, hour in which they ended (UTC), queue and type, as of the last refresh. wait: from '
  'when it could have run to the start of its last attempt; run: from there to its end.';

create unique index job_queue_performance_key on private.job_queue_performance (tenant_id, hour, queue, type);

call private.publish_materialized_view('job_queue_performance', read => 'viewer');


create materialized view private.test_execution_trends as
select
  e.tenant_id,
  (e.due_at at time zone 'utc')::date as day,
  e.flow_id,
  count(*) as executions,
  count(*) filter (where e.status = 'passed') as passed,
  count(*) filter (where e.status = 'failed') as failed,
  count(*) filter (where e.status = 'error') as errors,
  count(*) filter (where e.status = 'cancelled') as cancelled,
  round(
    count(*) filter (where e.status = 'passed')::numeric
      / nullif(count(*) filter (where e.status in ('passed', 'failed')), 0),
    4
  ) as pass_share,
  round(avg(d.run_ms))::bigint as average_ms,
  round(percentile_cont(0.95) within group (order by d.run_ms))::bigint as p95_ms
from public.scheduled_test_executions as e
cross join lateral (
  select extract(epoch from e.finished_at - e.started_at)::double precision * 1000 as run_ms
) as d
group by e.tenant_id, (e.due_at at time zone 'utc')::date, e.flow_id;
comment on materialized view private.test_execution_trends is
  'Executions per tenant, day on which they were due (UTC) and flow, as of the last refresh. '
  'pass_share: of those that came to a verdict, 0 to 1.';

create unique index test_execution_trends_key on private.test_execution_trends (tenant_id, day, flow_id);

call private.publish_materialized_view('test_execution_trends', read => 'viewer');
