import type { SeedCheck } from "../seed-module.ts";

/** What the triggers keep is what a recount finds, and nothing waits in a circle. */
export const orchestrationChecks: readonly SeedCheck[] = [
  {
    name: "the counters of workflows are those of a recount",
    query: `
      select count(*) as wrong
      from public.workflows as w
      left join (
        select t.tenant_id, t.workflow_id, count(*) as total, count(*) filter (where t.status = 'done') as done,
          count(*) filter (where t.status = 'cancelled') as cancelled
        from public.tasks as t group by t.tenant_id, t.workflow_id
      ) as c on c.tenant_id = w.tenant_id and c.workflow_id = w.id
      where (w.tasks_total, w.tasks_done, w.tasks_cancelled)
        is distinct from (coalesce(c.total, 0), coalesce(c.done, 0), coalesce(c.cancelled, 0))`,
  },
  {
    name: "what can be begun is what a recount finds",
    query: `
      with recursive
        blockers as materialized (
          select d.tenant_id, d.task_id, count(*) filter (where b.status not in ('done', 'cancelled')) as open
          from public.task_dependencies as d
          join public.tasks as b on b.tenant_id = d.tenant_id and b.id = d.depends_on_id
          where d.type = 'blocks' group by d.tenant_id, d.task_id
        ),
        subtasks as materialized (
          select c.tenant_id, c.parent_id, count(*) filter (where c.status not in ('done', 'cancelled')) as open
          from public.tasks as c where c.parent_id is not null group by c.tenant_id, c.parent_id
        ),
        around as materialized (
          select t.tenant_id, t.id, t.parent_id, t.status,
            coalesce(b.open, 0) as blockers, coalesce(s.open, 0) as subtasks,
            coalesce(b.open, 0) > 0 or t.status in ('blocked', 'deferred', 'cancelled') as holds
          from public.tasks as t
          left join blockers as b on b.tenant_id = t.tenant_id and b.task_id = t.id
          left join subtasks as s on s.tenant_id = t.tenant_id and s.parent_id = t.id
        ),
        held as (
          select a.tenant_id, a.id, false as is_held, a.holds from around as a where a.parent_id is null
          union all
          select a.tenant_id, a.id, h.holds, h.holds or a.holds
          from held as h join around as a on a.tenant_id = h.tenant_id and a.parent_id = h.id
        )
      select count(*) as wrong
      from around as a
      join held as h on h.tenant_id = a.tenant_id and h.id = a.id
      full join private.task_readiness as r on r.tenant_id = a.tenant_id and r.task_id = a.id
      where (a.blockers, a.subtasks, h.is_held, a.status)
          is distinct from (r.open_blockers, r.open_subtasks, r.is_held, r.status)
        or r.is_ready is distinct from (a.status = 'pending' and a.blockers = 0 and a.subtasks = 0 and not h.is_held)`,
  },
  {
    name: "no tasks wait for each other in a circle",
    query: `
      select count(*) as wrong
      from (
        select private.find_task_circle(
          d.tenant_id, array_agg(distinct d.workflow_id), array_agg(distinct d.task_id)
        ) as circle
        from public.task_dependencies as d where d.type = 'blocks' group by d.tenant_id
      ) as c
      where c.circle is not null`,
  },
  {
    name: "events and measurements are of components of their tenant",
    query: `
      select count(*) as wrong
      from (
        select e.tenant_id, e.component_id from public.events as e
        union all
        select m.tenant_id, m.component_id from public.performance_metrics as m
      ) as r
      where r.component_id is not null
        and not exists (select from public.components as c where c.tenant_id = r.tenant_id and c.id = r.component_id)`,
  },
];
