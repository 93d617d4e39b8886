import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../bench/lib/stats.ts";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { addReference, nextTasks, untrueRows } from "../helpers/readiness.ts";
import { dependency, makeTasks, makeWorkflow, move, overlap, type Statement, type Task } from "../helpers/workflows.ts";

let database: TestDatabase;
let one: Caller;
let two: Caller;
let tenant: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  await addReference(database);
  one = await openCaller(database, "one");
  two = await openCaller(database, "two");
  tenant = await tenantOf(database, [one, "owner"], [two, "manager"]);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
});

// x waits for a and b; x1 lies below x.
const acts: readonly (readonly [name: string, (tasks: Plan) => Statement])[] = [
  ["a ends", ({ a }) => setStatus(a, "done")],
  ["b ends", ({ b }) => setStatus(b, "cancelled")],
  ["x is blocked", ({ x }) => setStatus(x, "blocked")],
  ["x no longer waits for a", ({ a }) => remove("task_dependencies", "depends_on_id", a)],
  ["b goes", ({ b }) => remove("tasks", "id", b)],
  ["x begins to wait for c", ({ x, c }) => dependency(x, c)],
  ["c ends", ({ c }) => setStatus(c, "done")],
  ["c moves below x", ({ x, c }) => move(c, x)],
  ["x gets another subtask", ({ x }) => addBelow(x)],
  ["x1 ends", ({ x1 }) => setStatus(x1, "done")],
];

describe("O2 two transactions at once, the second one waiting for the first", () => {
  const pairs = acts.flatMap(([name, act], at) =>
    acts.filter((_, other) => other !== at).map(([otherName, other]) => [name, otherName, act, other] as const),
  );
  it.each(pairs)("O2 %s while %s", async (name, _otherName, first, second) => {
    const plan = await makePlan();
    const how = name === "a ends" || name === "x begins to wait for c" ? "rollback" : "commit";
    const outcome = await overlap([one, first(plan)], [two, second(plan)], how);
    expect(["done", "PT409", "23503"]).toContain(outcome);
    expect(await untrueRows(database)).toBe(0);
    await database.sql.unsafe(...asQuery(remove("workflows", "id", { ...plan.a, id: plan.a.workflow })));
  });

  it("O2 two sessions end the two tasks that a third one waits for, and it can be begun", async () => {
    const { a, b, x, c } = await makePlan({ isFlat: true });
    expect(await overlap([one, setStatus(a, "done")], [two, setStatus(b, "done")])).toBe("done");
    expect(new Set((await nextTasks(database, tenant, x.workflow, 10)).told)).toEqual(new Set([x.id, c.id]));
  });

  it("O3 a task of another workflow ends while one begins to wait for it", async () => {
    const { x } = await makePlan({ isFlat: true });
    const [away] = await makeTasks(database, tenant, await makeWorkflow(database, tenant), 1);
    if (away === undefined) throw new Error("There is no task.");
    expect(await overlap([one, dependency(x, away)], [two, setStatus(away, "done")])).toBe("done");
    expect(await untrueRows(database)).toBe(0);
  });

  it("O2 under repeatable read a task does not end unseen by who began to wait for it", async () => {
    const { x, c } = await makePlan();
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    await sql.unsafe("begin isolation level repeatable read");
    await sql`select from public.tasks limit 1`;
    await one.run(...dependency(x, c));
    await one.finish("commit");
    await expect(sql.unsafe(...asQuery(setStatus(c, "done")))).rejects.toMatchObject({ code: "40001" });
    await sql.end({ timeout: 5 });
    expect(await untrueRows(database)).toBe(0);
  });
});

describe("O2 many at once", () => {
  it("O2 nothing is untrue and nobody waits in a circle after 360 changes on six connections", async () => {
    const random = seededRandom(7);
    const dice = (below: number): number => Math.floor(random() * below);
    for (let n = 0; n < 3; n += 1) await makePlan();
    const pool = postgres(database.url, { max: 6, onnotice: () => undefined });
    const codes = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let turn = 0; turn < 60; turn += 1) {
          const code = await codeOf(pool, await anyChange(dice));
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
      }),
    );
    await pool.end({ timeout: 5 });
    expect(await untrueRows(database)).toBe(0);
    expect([...codes.keys()].filter((code) => !["done", "PT409", "23503", "23505"].includes(code))).toEqual([]);
    expect(codes.get("done")).toBeGreaterThan(100);
  });
});

interface Plan {
  readonly a: Task;
  readonly b: Task;
  readonly c: Task;
  readonly x: Task;
  readonly x1: Task;
}

async function makePlan({ isFlat = false } = {}): Promise<Plan> {
  const [a, b, c, x, x1] = await makeTasks(database, tenant, await makeWorkflow(database, tenant), isFlat ? 4 : 5);
  if (a === undefined || b === undefined || c === undefined || x === undefined) throw new Error("Tasks are missing.");
  for (const statement of [dependency(x, a), dependency(x, b), ...(x1 === undefined ? [] : [move(x1, x)])]) {
    await database.sql.unsafe(...asQuery(statement));
  }
  return { a, b, c, x, x1: x1 ?? x };
}

/** A change of one row: of two statements over many, either may come first to a row that both change. */
async function anyChange(dice: (below: number) => number): Promise<Statement> {
  const idsOf = async (table: string): Promise<readonly string[]> =>
    (await database.sql.unsafe(`select id from public.${table} where tenant_id = $1 order by id`, [tenant]))
      .map(({ id }) => String(id));
  const [tasks, edges] = [await idsOf("tasks"), await idsOf("task_dependencies")];
  const [task, other] = [tasks[dice(tasks.length)] ?? "", tasks[dice(tasks.length)] ?? ""];
  const edge = edges[dice(edges.length)] ?? task;
  const status = ["pending", "in_progress", "blocked", "done", "cancelled"][dice(5)] ?? "done";
  const own = "where tenant_id = $1 and id = $2";
  const changes: readonly Statement[] = [
    [`update public.tasks set status = $3 ${own}`, [tenant, task, status]],
    [`update public.tasks set status = $3 ${own}`, [tenant, task, status]],
    [`insert into public.tasks (tenant_id, workflow_id, parent_id, title)
      select tenant_id, workflow_id, id, 'Subtask' from public.tasks ${own}`, [tenant, task]],
    [`insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id)
      select t.tenant_id, t.workflow_id, t.id, b.workflow_id, b.id from public.tasks as t, public.tasks as b
      where t.tenant_id = $1 and t.id = $2 and b.tenant_id = $1 and b.id = $3 and t.id > b.id`, [tenant, task, other]],
    [`delete from public.task_dependencies ${own}`, [tenant, edge]],
    [`update public.tasks as t set parent_id = p.id from public.tasks as p
      where t.tenant_id = $1 and t.id = $2 and p.tenant_id = $1 and p.id = $3 and p.workflow_id = t.workflow_id
        and t.id > p.id`, [tenant, task, other]],
    [`update public.tasks set parent_id = null ${own}`, [tenant, task]],
    [`delete from public.tasks ${own}`, [tenant, task]],
  ];
  // Tasks go seldom, or there would soon be none.
  return changes[dice(changes.length * 3) % (changes.length - (dice(3) === 0 ? 0 : 1))] ?? ["select 1", []];
}

async function codeOf(pool: postgres.Sql, [statement, parameters]: Statement): Promise<string> {
  try {
    await pool.unsafe(statement, [...parameters]);
    return "done";
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return error.code;
  }
}

function asQuery([statement, parameters]: Statement): [string, string[]] {
  return [statement, [...parameters]];
}

function setStatus(task: Task, status: string): Statement {
  return ["update public.tasks set status = $3 where tenant_id = $1 and id = $2", [task.tenant, task.id, status]];
}

function remove(table: "workflows" | "tasks" | "task_dependencies", column: string, task: Task): Statement {
  return [`delete from public.${table} where tenant_id = $1 and ${column} = $2`, [task.tenant, task.id]];
}

function addBelow(task: Task): Statement {
  return [
    "insert into public.tasks (tenant_id, workflow_id, parent_id, title) values ($1, $2, $3, 'Subtask')",
    [task.tenant, task.workflow, task.id],
  ];
}
