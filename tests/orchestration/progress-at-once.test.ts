import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { countersOf, makeTasks, makeWorkflow, overlap, type Statement, type Task } from "../helpers/workflows.ts";

let database: TestDatabase;
let one: Caller;
let two: Caller;
let three: Caller;
let tenant: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  one = await openCaller(database, "one");
  two = await openCaller(database, "two");
  three = await openCaller(database, "three");
  tenant = await tenantOf(database, [one, "owner"], [two, "member"], [three, "member"]);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close(), three.close()]);
});

describe("O1 two transactions over tasks of one workflow", () => {
  it.each([
    ["commit", 2],
    ["rollback", 1],
  ] as const)("O1 both are counted that stay: the first ends with %s", async (how, done) => {
    const workflow = await makeWorkflow(database, tenant);
    const [a, b] = await makeTasks(database, tenant, workflow, 2);
    expect(await overlap([one, setStatus("done", a)], [two, setStatus("done", b)], how)).toBe("done");
    expect(await countersOf(database, workflow)).toEqual({ kept: [2, done, 0], counted: [2, done, 0] });
  });

  it("O2 the same task: the second finds what the first has made of it", async () => {
    const workflow = await makeWorkflow(database, tenant);
    const [task] = await makeTasks(database, tenant, workflow, 1);
    expect(await overlap([one, setStatus("done", task)], [two, setStatus("review", task)])).toBe("PT409");
    expect(await overlap([one, setStatus("pending", task)], [two, setStatus("done", task)])).toBe("done");
    expect(await countersOf(database, workflow)).toEqual({ kept: [1, 1, 0], counted: [1, 1, 0] });
  });

  it.each([
    ["commit", "PT409", 0],
    ["rollback", "done", 1],
  ] as const)("O2 a task is added while the workflow is completed: %s", async (how, outcome, total) => {
    const workflow = await makeWorkflow(database, tenant);
    const complete: Statement = ["select public.update_workflow_status($1, $2, 'completed')", [tenant, workflow]];
    expect(await overlap([one, complete], [two, addTask(workflow)], how)).toBe(outcome);
    expect(await countersOf(database, workflow)).toEqual({ kept: [total, 0, 0], counted: [total, 0, 0] });
  });

  it("O1 a statement over two workflows waits for the first of them without holding the second", async () => {
    const [low, high] = ["00000000-0000-7000-8000-000000000001", "ffffffff-ffff-7fff-bfff-ffffffffffff"];
    const flows = await Promise.all([makeWorkflow(database, tenant, low), makeWorkflow(database, tenant, high)]);
    const tasks = await Promise.all(flows.map((flow) => makeTasks(database, tenant, flow, 2)));
    const [[a, b] = [], [c, d] = []] = tasks;
    await three.run(...setStatus("done", a));
    const both = one.attempt("update public.tasks set status = 'done' where id in ($1, $2)", [idOf(d), idOf(b)]);
    await one.waitsFor(three);
    await two.run("set local lock_timeout = '1s'");
    expect(await two.attempt(...setStatus("done", c))).toBe("done");
    await two.finish("commit");
    await three.finish("commit");
    expect(await both).toBe("done");
    await one.finish("commit");
    for (const flow of flows) {
      expect(await countersOf(database, flow)).toEqual({ kept: [2, 2, 0], counted: [2, 2, 0] });
    }
  });
});

describe("O1 many at once", () => {
  it("O1 the counters are those of a recount after 400 changes on eight connections", async () => {
    const workflow = await makeWorkflow(database, tenant);
    const tasks = await makeTasks(database, tenant, workflow, 40);
    const pool = postgres(database.url, { max: 8, onnotice: () => undefined });
    const codes = new Set<string>();
    // The same mixture every time: status changes, new tasks, removals, some of it taken back.
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (let turn = 0; turn < 50; turn += 1) {
          const task = tasks[(worker * 7 + turn * 3) % tasks.length];
          const status = ["done", "pending", "in_progress", "cancelled"][(worker + turn) % 4] ?? "done";
          const statement =
            turn % 10 === 9 ? addTask(workflow) : turn % 25 === 24 ? removal(task) : setStatus(status, task);
          const code = await change(pool, statement, turn % 6 === 5);
          codes.add(code);
        }
      }),
    );
    await pool.end({ timeout: 5 });
    const { kept, counted } = await countersOf(database, workflow);
    expect(kept).toEqual(counted);
    expect([...codes].filter((code) => !["done", "PT409", "PT404"].includes(code))).toEqual([]);
    expect(codes.has("done")).toBe(true);
  });
});

async function change(pool: postgres.Sql, [statement, parameters]: Statement, isTakenBack: boolean): Promise<string> {
  try {
    await pool.begin(async (sql) => {
      await sql.unsafe(statement, [...parameters]);
      if (isTakenBack) await sql.unsafe("select 1 / 0");
    });
    return "done";
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return error.code === "22012" ? "done" : error.code;
  }
}

function setStatus(status: string, task: Task | undefined): Statement {
  return ["select public.update_task_status($1, $2, $3)", [tenant, idOf(task), status]];
}

function addTask(workflow: string): Statement {
  return ["insert into public.tasks (tenant_id, workflow_id, title) values ($1, $2, 'Late')", [tenant, workflow]];
}

function removal(task: Task | undefined): Statement {
  return ["delete from public.tasks where id = $1", [idOf(task)]];
}

function idOf(task: Task | undefined): string {
  if (task === undefined) throw new Error("There is no such task.");
  return task.id;
}
