import type { SeedContext, SeedModule } from "../seed-module.ts";
import { orchestrationChecks } from "./orchestration-checks.ts";
import { loadPlans } from "./orchestration-plans.ts";

const COMPONENTS = 5;

/** Plans, components and what they say and measure, articles. The first tenant has a workflow of 10,000 tasks. */
export const orchestration: SeedModule = {
  name: "orchestration",
  tables: ({ tenants, workflows, tasks, events, metrics, articles }) => [
    ["public.workflows", workflows],
    ["public.tasks", workflows === 0 ? 0 : tasks],
    ["public.task_dependencies", null],
    ["public.components", tenants * COMPONENTS],
    ["public.events", events],
    ["public.performance_metrics", metrics],
    ["public.knowledge_base", articles],
  ],
  load: async (context) => {
    await loadPlans(context);
    await loadRecords(context);
  },
  checks: orchestrationChecks,
};

async function loadRecords({ sql, scale, step }: SeedContext): Promise<void> {
  step("components");
  await sql.unsafe(`
    create temp table seed_components on commit drop as
    select t.n as tenant, p.place, t.id as tenant_id,
      pg_temp.seed_id('component', t.n * 10 + p.place, pg_temp.seed_until() - interval '90 days') as id
    from seed_tenants as t cross join generate_series(0, ${COMPONENTS - 1}) as p (place);
    create unique index on seed_components (tenant, place);
    analyze seed_components;
    insert into public.components (tenant_id, id, name, type, version, created_at, updated_at)
    select c.tenant_id, c.id, 'component ' || c.place,
      ('{service,agent,worker,tool,model}'::text[])[1 + c.place], '1.' || c.place,
      pg_temp.seed_until() - interval '90 days', pg_temp.seed_until() - interval '90 days'
    from seed_components as c;
    select private.ensure_partition(r::regclass, pg_temp.seed_until() - make_interval(days => d))
    from unnest(array['public.events', 'public.performance_metrics']) as r cross join generate_series(0, 80, 10) as d;
  `);
  step(`${scale.events} events`);
  await sql.unsafe(`
    insert into public.events (
      tenant_id, id, created_at, type, severity, component_id, correlation_id, trace_id, message, payload
    )
    select e.tenant_id, pg_temp.seed_id('event', e.n, e.at), e.at,
      ('{task.started,task.done,build.started,build.done,build.failed,deploy.done,agent.called}'::text[])[
        1 + floor(pg_temp.seed_dice(11, e.n) * 7)::integer],
      case
        when e.luck < 0.01 then 'critical' when e.luck < 0.04 then 'error' when e.luck < 0.1 then 'warning' else 'info'
      end,
      e.component_id, 'job-' || (e.n / 5), case when e.n % 3 = 0 then 'trace-' || (e.n / 9) end,
      'Event ' || e.n, jsonb_build_object('n', e.n, 'took_ms', floor(e.luck * 5000))
    from (
      select t.id as tenant_id, k.n, c.id as component_id, pg_temp.seed_dice(12, k.n) as luck,
        pg_temp.seed_until() - interval '80 days' * (1 - k.place / t.events::double precision) as at
      from seed_tenants as t
      cross join lateral (
        select place, t.n * 10000000::bigint + place as n from generate_series(0, t.events - 1) as place
      ) as k
      left join seed_components as c on c.tenant = t.n and c.place = k.n % 7
    ) as e
    order by e.at
  `);
  step(`${scale.metrics} metrics`);
  await sql.unsafe(`
    insert into public.performance_metrics (tenant_id, id, created_at, name, type, value, unit, component_id, tags)
    select t.id, pg_temp.seed_id('metric', k.n, k.at), k.at,
      ('{cpu,memory,latency_ms,requests}'::text[])[1 + k.place % 4],
      'gauge', 50 + 20 * sin(extract(epoch from k.at) / 86400 * 2 * pi()) + 10 * pg_temp.seed_dice(13, k.n), null, c.id,
      jsonb_build_object(
        'environment', case k.place % 2 when 0 then 'production' else 'staging' end, 'host', 'h' || k.place % 3
      )
    from seed_tenants as t
    cross join lateral (
      select place, t.n * 10000000::bigint + place as n,
        pg_temp.seed_until() - interval '80 days' * (1 - place / t.metrics::double precision) as at
      from generate_series(0, t.metrics - 1) as place
    ) as k
    join seed_components as c on c.tenant = t.n and c.place = k.place % ${COMPONENTS}
    order by k.at
  `);
  step(`${scale.articles} articles`);
  await sql.unsafe(`
    insert into public.knowledge_base (tenant_id, id, type, title, body, tags, created_at, updated_at)
    select t.id, pg_temp.seed_id('article', t.n * 100000 + k, pg_temp.seed_until() - make_interval(mins => k)),
      ('{article,howto,decision,reference}'::text[])[1 + k % 4], initcap(pg_temp.seed_text(14, t.n * 100000 + k, 5)),
      pg_temp.seed_text(15, t.n * 100000 + k, 80), array['topic-' || k % 9],
      pg_temp.seed_until() - make_interval(mins => k), pg_temp.seed_until() - make_interval(mins => k)
    from seed_tenants as t cross join lateral generate_series(0, t.articles - 1) as k
  `);
}
