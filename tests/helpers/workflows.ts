import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Caller } from "./caller.ts";
import type { TestDatabase } from "./database.ts";

/** A task, with what is needed to point at it. */
export interface Task {
  readonly id: string;
  readonly workflow: string;
  readonly tenant: string;
}

/** A statement and its parameters, for `run` and `attempt` of a caller. */
export type Statement = readonly [statement: string, parameters: readonly string[]];

/**
 * Makes an active workflow.
 *
 * @param database - where
 * @param tenant - whose
 * @param id - its id, where that matters
 * @returns its id
 */
export async function makeWorkflow(database: TestDatabase, tenant: string, id: string = randomUUID()): Promise<string> {
  await database.sql`
    insert into public.workflows (tenant_id, id, name, status) values (${tenant}, ${id}, 'Workflow', 'active')
  `;
  return id;
}

/**
 * Makes pending tasks on top of a workflow.
 *
 * @param database - where
 * @param tenant - whose
 * @param workflow - in which workflow
 * @param count - how many
 * @returns the tasks
 */
export async function makeTasks(
  database: TestDatabase,
  tenant: string,
  workflow: string,
  count: number,
): Promise<readonly Task[]> {
  const tasks = Array.from({ length: count }, () => ({ id: randomUUID(), workflow, tenant }));
  await database.sql`
    insert into public.tasks (tenant_id, workflow_id, id, title)
    select ${tenant}, ${workflow}, id, 'Task' from unnest(${tasks.map(({ id }) => id)}::uuid[]) as id
  `;
  return tasks;
}

/**
 * A dependency of one task on another.
 *
 * @param task - the one that depends
 * @param on - the other one
 * @param type - blocks, relates or duplicates
 * @returns the statement that adds it
 */
export function dependency(task: Task, on: Task, type = "blocks"): Statement {
  return [
    `insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id, type)
     values ($1, $2, $3, $4, $5, $6)`,
    [task.tenant, task.workflow, task.id, on.workflow, on.id, type],
  ];
}

/**
 * A move of a task below another one.
 *
 * @param task - the one that moves
 * @param parent - the other one
 * @returns the statement that moves it
 */
export function move(task: Task, parent: Task): Statement {
  return ["update public.tasks set parent_id = $3 where tenant_id = $1 and id = $2", [task.tenant, task.id, parent.id]];
}

/**
 * Two acts that overlap: the first one is done and not committed when the second one begins, and waits.
 *
 * @param first - who acts first, and how
 * @param second - who acts second, and how
 * @param how - what becomes of the first act
 * @returns "done", or the SQLSTATE that the second one was refused with
 */
export async function overlap(
  first: readonly [Caller, Statement],
  second: readonly [Caller, Statement],
  how: "commit" | "rollback" = "commit",
): Promise<string> {
  const [[one, act], [two, answer]] = [first, second];
  await one.run(...act);
  const outcome = two.attempt(...answer);
  await two.waitsFor(one);
  await one.finish(how);
  const code = await outcome;
  await two.finish("commit");
  return code;
}

/**
 * What a workflow says of its tasks, beside what they are.
 *
 * @param database - where
 * @param workflow - its id
 * @returns the counters and a recount: in all, done, cancelled
 */
export async function countersOf(
  database: TestDatabase,
  workflow: string,
): Promise<{ kept: readonly number[]; counted: readonly number[] }> {
  const [row] = await database.sql`
    select array[w.tasks_total, w.tasks_done, w.tasks_cancelled] as kept, (
      select array[count(*), count(*) filter (where t.status = 'done'), count(*) filter (where t.status = 'cancelled')]::integer[]
      from public.tasks as t where t.tenant_id = w.tenant_id and t.workflow_id = w.id
    ) as counted
    from public.workflows as w where w.id = ${workflow}
  `;
  return z.object({ kept: z.array(z.number()), counted: z.array(z.number()) }).parse(row);
}
