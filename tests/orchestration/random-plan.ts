import type postgres from "postgres";
import { z } from "zod";

/** A source of random whole numbers. */
export type Dice = (below: number) => number;

/** One change of a plan: what it is called, and the statement. */
export interface PlanChange {
  readonly name: string;
  readonly statement: string;
}

const idRow = z.object({ id: z.string() });
const STATUSES = ["pending", "in_progress", "review", "blocked", "deferred", "done", "cancelled"];
const PRIORITIES = ["critical", "high", "medium", "low"];

/**
 * Thinks of a change at random: of one row or many, of tasks, dependencies or both at once. Some of them are
 * refused, which is as well.
 *
 * @param sql - where the plan is
 * @param tenant - whose
 * @param dice - the source of chance
 * @returns the change
 */
export async function thinkOfChange(sql: postgres.Sql, tenant: string, dice: Dice): Promise<PlanChange> {
  const of = async (table: string): Promise<readonly string[]> =>
    (await sql.unsafe(`select id from public.${table} where tenant_id = $1 order by id`, [tenant]))
      .map((row) => idRow.parse(row).id);
  const [tasks, edges, workflows] = [await of("tasks"), await of("task_dependencies"), await of("workflows")];
  const one = (list: readonly string[]): string => {
    const id = list[dice(list.length)];
    return id === undefined ? "null" : `'${id}'`;
  };
  const some = (list: readonly string[], most: number): string =>
    Array.from({ length: 1 + dice(most) }, () => one(list)).join(", ");
  const status = STATUSES[dice(STATUSES.length)] ?? "done";
  const own = `tenant_id = '${tenant}'`;
  const edge = (from: string, on: string, type: string): string => `
    insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id, type)
    select t.tenant_id, t.workflow_id, t.id, b.workflow_id, b.id, '${type}'
    from public.tasks as t join public.tasks as b on b.tenant_id = t.tenant_id and b.id in (${on})
    where t.${own} and t.id in (${from}) and t.id > b.id
    on conflict do nothing`;
  const subtree = `
    with recursive made as (
      insert into public.tasks (tenant_id, workflow_id, parent_id, title, status, priority)
      select t.tenant_id, t.workflow_id, t.id, 'Subtask', '${status}', 'high'
      from public.tasks as t where t.${own} and t.id = ${one(tasks)}
      returning tenant_id, workflow_id, id
    )`;
  const changes: readonly (readonly [weight: number, name: string, statement: string])[] = [
    [6, "tasks are added on top", `insert into public.tasks (tenant_id, workflow_id, title, priority, position)
      select '${tenant}', ${one(workflows)}, 'Task', '${PRIORITIES[dice(4)] ?? "low"}', ${dice(5)}
      from generate_series(1, ${1 + dice(3)})`],
    [4, "a subtask is added", `${subtree} select 1`],
    [2, "a task and its subtask are added at once", `${subtree}
      insert into public.tasks (tenant_id, workflow_id, parent_id, title)
      select tenant_id, workflow_id, id, 'Below' from made`],
    [2, "a task is added that others move below", `${subtree}
      update public.tasks as t set parent_id = made.id from made
      where t.tenant_id = made.tenant_id and t.workflow_id = made.workflow_id and t.id in (${some(tasks, 3)})`],
    [2, "a task is added that others depend on", `${subtree}
      insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id)
      select t.tenant_id, t.workflow_id, t.id, made.workflow_id, made.id
      from made join public.tasks as t on t.tenant_id = made.tenant_id and t.id in (${some(tasks, 3)})`],
    [14, "a status changes", `update public.tasks set status = '${status}' where ${own} and id = ${one(tasks)}`],
    [6, "many are done", `update public.tasks set status = 'done'
      where ${own} and id in (${some(tasks, 12)}) and status not in ('blocked', 'deferred', 'cancelled')`],
    [5, "many are pending", `update public.tasks set status = 'pending' where ${own} and id in (${some(tasks, 12)})`],
    [3, "some swap what they are", `update public.tasks
      set status = case status when 'pending' then 'done' else 'pending' end
      where ${own} and id in (${some(tasks, 8)}) and status in ('pending', 'done')`],
    [4, "many change places", `update public.tasks
      set position = ${dice(9)}, priority = '${PRIORITIES[dice(4)] ?? "low"}'
      where ${own} and id in (${some(tasks, 6)})`],
    [9, "some move below another one", `update public.tasks as t set parent_id = p.id from public.tasks as p
      where p.${own} and p.id = ${one(tasks)} and t.tenant_id = p.tenant_id and t.workflow_id = p.workflow_id
        and t.id <> p.id and t.id in (${some(tasks, 4)})`],
    [3, "some move to the top", `update public.tasks set parent_id = null where ${own} and id in (${some(tasks, 4)})`],
    [10, "dependencies are added", edge(some(tasks, 4), some(tasks, 4), "blocks")],
    [2, "relations are added", edge(one(tasks), some(tasks, 3), "relates")],
    [2, "a relation begins to block", `update public.task_dependencies set type = 'blocks'
      where ${own} and id = ${one(edges)}`],
    [2, "a dependency blocks no longer", `update public.task_dependencies set type = 'relates'
      where ${own} and id in (${some(edges, 3)})`],
    [4, "dependencies go", `delete from public.task_dependencies where ${own} and id in (${some(edges, 4)})`],
    [3, "tasks end as others begin to depend on them", `with ended as (
      update public.tasks set status = 'done'
      where ${own} and id in (${some(tasks, 3)}) and status = 'pending' returning id
      ) ${edge(some(tasks, 4), some(tasks, 4), "blocks")}`],
    [3, "tasks begin anew as dependencies go", `with anew as (
      update public.tasks set status = 'pending' where ${own} and id in (${some(tasks, 3)}) returning id
      ) delete from public.task_dependencies where ${own} and id in (${some(edges, 4)})`],
    [4, "tasks go", `delete from public.tasks where ${own} and id in (${some(tasks, 2)})`],
    [1, "a workflow goes and another one comes", `with gone as (
      delete from public.workflows where ${own} and id = ${one(workflows)} returning tenant_id
      ) insert into public.workflows (tenant_id, name, status) select tenant_id, 'Plan', 'active' from gone`],
  ];
  const [, name, statement] = changes.flatMap((change) => Array.from({ length: change[0] }, () => change))[
    dice(changes.reduce((sum, [weight]) => sum + weight, 0))
  ] ?? [0, "nothing", "select 1"];
  return { name, statement };
}
