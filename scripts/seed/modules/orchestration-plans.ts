import { batches } from "../batches.ts";
import { spread } from "../scale.ts";
import type { SeedContext } from "../seed-module.ts";

const LARGEST_WORKFLOW = 10_000;
const BATCH = 50_000;

/**
 * Makes workflows, tasks and dependencies, with all triggers at work. Every sixth task of a workflow is on top and
 * the five after it are its subtasks; a task on top may wait for one before it, a subtask for the one beside it, and
 * the first task of a workflow for the last one of the workflow before: so there is no circle. In the largest
 * workflow all tasks on top wait in a row, and next to nothing of it is done.
 *
 * @param context - the transaction, in which the tables of core are there
 */
export async function loadPlans({ sql, scale, step }: SeedContext): Promise<void> {
  if (scale.workflows === 0) return;
  step(`${scale.workflows} workflows`);
  const largest = Math.min(LARGEST_WORKFLOW, Math.floor(scale.tasks / 5));
  // The first workflow of the first tenant gets the largest size, the others get theirs by chance.
  await sql.unsafe(`
    create temp table seed_workflows on commit drop as
    select o.n, o.tenant, o.place, t.id as tenant_id, pg_temp.seed_id('workflow', o.n, o.at) as id, o.at, s.tasks,
      sum(s.tasks) over (order by o.n) - s.tasks as first_task,
      case
        when o.n = 1 then 0.02 when pg_temp.seed_dice(1, o.n) < 0.3 then 1 else pg_temp.seed_dice(2, o.n)
      end as done_share
    from (
      select f.*, row_number() over (order by f.n <> 1, pg_temp.seed_dice(4, f.n), f.n) as rank,
        pg_temp.seed_until() - interval '80 days' * (1 - 0.9 * pg_temp.seed_dice(3, f.n)) as at
      from (
        select t.n as tenant, p.place, row_number() over (order by t.n, p.place) as n
        from seed_tenants as t cross join lateral generate_series(1, t.workflows) as p (place)
      ) as f
    ) as o
    join unnest($1::integer[]) with ordinality as s (tasks, rank) on s.rank = o.rank
    join seed_tenants as t on t.n = o.tenant
  `, [spread(scale.tasks, scale.workflows, largest)]);
  await sql.unsafe(`
    create unique index on seed_workflows (n);
    create index on seed_workflows (tenant, place);
    analyze seed_workflows;
    insert into public.workflows (
      tenant_id, id, name, description, status, phases, current_phase, created_at, updated_at
    )
    select w.tenant_id, w.id, initcap(pg_temp.seed_text(5, w.n, 3)) || ' ' || w.n, pg_temp.seed_text(6, w.n, 15),
      case when w.n <> 1 and pg_temp.seed_dice(7, w.n) < 0.1 then 'planned' else 'active' end,
      '[{"name": "plan"}, {"name": "build"}, {"name": "release"}]', 'build', w.at, w.at
    from seed_workflows as w
    order by w.n
  `);
  const sizes = await sql<{ tasks: number }[]>`select tasks from seed_workflows order by n`;
  const parts = batches(sizes.map(({ tasks }) => tasks), BATCH);
  for (const [index, [from, to]] of parts.entries()) {
    step(`tasks and dependencies, part ${index + 1} of ${parts.length}`);
    await sql.unsafe(TASKS, [from, to]);
    await sql.unsafe(DEPENDENCIES, [from, to]);
  }
  step("workflows that are completed");
  await sql.unsafe(`
    update public.workflows as c set status = 'completed'
    from seed_workflows as w
    where c.tenant_id = w.tenant_id and c.id = w.id and w.done_share = 1 and c.status = 'active' and w.tasks > 0
  `);
}

const TASKS = `
  insert into public.tasks (
    tenant_id, id, workflow_id, parent_id, title, description, status, priority, position, effort_estimate, tags,
    assignee_id, created_at, updated_at, started_at, finished_at
  )
  select k.tenant_id, pg_temp.seed_id('task', k.n, k.at), k.workflow_id,
    case when not k.is_top then pg_temp.seed_id('task', k.n - k.k % 6, k.at - make_interval(mins => k.k % 6)) end,
    'Task ' || k.k || ' ' || pg_temp.seed_text(21, k.n % 499, 4), pg_temp.seed_text(22, k.n % 997, 25), s.status,
    ('{critical,high,medium,medium,medium,low}'::text[])[1 + floor(pg_temp.seed_dice(23, k.n) * 6)::integer], k.k,
    1 + floor(pg_temp.seed_dice(24, k.n) * 40), array['topic-' || k.n % 9], u.id, k.at, k.at,
    case when s.status in ('in_progress', 'done') then k.at + interval '1 hour' end,
    case when s.status in ('done', 'cancelled') then k.at + interval '5 hours' end
  from (
    select w.tenant, w.tenant_id, w.id as workflow_id, w.first_task + p.k as n, p.k, w.tasks, w.done_share,
      w.at + make_interval(mins => p.k) as at, p.k % 6 = 0 or w.tasks <= 6 as is_top,
      pg_temp.seed_dice(25, w.first_task + p.k) as luck
    from seed_workflows as w cross join lateral generate_series(0, w.tasks - 1) as p (k)
    where w.n between $1 and $2
  ) as k
  cross join lateral (
    select case
      when k.luck < 0.03 and k.done_share > 0.02 then 'cancelled'
      when k.k < k.done_share * k.tasks then 'done'
      when k.k < k.done_share * k.tasks + 2 then 'in_progress'
      when k.luck between 0.03 and 0.05 and k.done_share > 0.02 then 'blocked'
      when k.luck between 0.05 and 0.06 and k.done_share > 0.02 then 'deferred'
      else 'pending'
    end as status
  ) as s
  left join seed_users as u on u.tenant = k.tenant and u.place = k.n % 4
`;

const DEPENDENCIES = `
  insert into public.task_dependencies (
    tenant_id, id, workflow_id, task_id, depends_on_workflow_id, depends_on_id, created_at
  )
  select e.tenant_id, pg_temp.seed_id('dependency', e.n, e.at), e.workflow_id, pg_temp.seed_id('task', e.n, e.at),
    e.on_workflow, pg_temp.seed_id('task', e.on_n, e.on_at), e.at
  from (
    select w.tenant_id, w.id as workflow_id, w.first_task + k.k as n, w.at + make_interval(mins => k.k) as at,
      w.id as on_workflow, w.first_task + k.k - k.back as on_n, w.at + make_interval(mins => k.k - k.back) as on_at
    from seed_workflows as w
    cross join lateral (
      select p.k, d.back, pg_temp.seed_dice(31, w.first_task + p.k) < case
        when w.n = 1 and d.is_on_top then 1 when d.is_on_top then 0.5 else 0.3 end as is_wanted
      from generate_series(1, w.tasks - 1) as p (k)
      cross join lateral (
        select p.k % 6 = 0 and w.tasks > 6 as is_on_top, case
          when w.tasks <= 6 then 1
          when p.k % 6 = 0 and w.n = 1 then 6
          when p.k % 6 = 0 then 6 * least(p.k / 6, 1 + floor(pg_temp.seed_dice(32, w.first_task + p.k) * 3)::integer)
          when p.k % 6 > 1 then 1
        end as back
      ) as d
    ) as k
    where w.n between $1 and $2 and k.back is not null and k.is_wanted
    union all
    select w.tenant_id, w.id, w.first_task, w.at, b.id, b.first_task + b.tasks - 1,
      b.at + make_interval(mins => b.tasks - 1)
    from seed_workflows as w
    join seed_workflows as b on b.tenant = w.tenant and b.place = w.place - 1 and b.tasks > 0
    where w.n between $1 and $2 and w.tasks > 0 and pg_temp.seed_dice(33, w.n) < 0.05
  ) as e
`;
