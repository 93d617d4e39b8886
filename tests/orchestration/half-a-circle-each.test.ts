import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { dependency, makeTasks, makeWorkflow, move, overlap, type Task } from "../helpers/workflows.ts";

let database: TestDatabase;
let one: Caller;
let two: Caller;
let tenant: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  one = await openCaller(database, "one");
  two = await openCaller(database, "two");
  tenant = await tenantOf(database, [one, "owner"], [two, "member"]);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
});

describe("O3 two transactions, each with one half of a circle", () => {
  it("O3 two dependencies: the second is refused once the first is there", async () => {
    const [a, b] = await pair();
    expect(await overlap([one, dependency(a, b)], [two, dependency(b, a)])).toBe("PT409");
    expect(await edgesOf(a.workflow)).toBe(1);
  });

  it("O3 two dependencies: the second goes when the first was taken back", async () => {
    const [a, b] = await pair();
    expect(await overlap([one, dependency(a, b)], [two, dependency(b, a)], "rollback")).toBe("done");
    expect(await edgesOf(a.workflow)).toBe(1);
  });

  it("O3 a circle through four workflows, of which neither adds an edge that meets the other's", async () => {
    const [a, b, c, d] = await Promise.all([alone(), alone(), alone(), alone()]);
    await one.run(...dependency(b, c));
    await one.run(...dependency(d, a));
    await one.finish("commit");
    expect(await overlap([one, dependency(a, b)], [two, dependency(c, d)])).toBe("PT409");
  });

  it("O2 each of two tasks moves below the other", async () => {
    const [a, b] = await pair();
    expect(await overlap([one, move(a, b)], [two, move(b, a)])).toBe("PT409");
    expect(await parentsOf(a.workflow)).toEqual([b.id]);
  });

  it("O2 each of two tasks moves below the other, and the first one is taken back", async () => {
    const [a, b] = await pair();
    expect(await overlap([one, move(a, b)], [two, move(b, a)], "rollback")).toBe("done");
    expect(await parentsOf(a.workflow)).toEqual([a.id]);
  });

  it("O3 a task moves below another one, which begins to depend on it, and the other way round", async () => {
    const [a, b] = await pair();
    expect(await overlap([one, move(a, b)], [two, dependency(b, a)])).toBe("PT409");
    const [c, d] = await pair();
    expect(await overlap([one, dependency(c, d)], [two, move(d, c)])).toBe("PT409");
  });

  it("O3 who holds the lock is waited for before anything of the other one stands in the way", async () => {
    const [a, b] = await pair();
    await one.run(...dependency(a, b));
    const second = two.attempt(...dependency(b, a));
    await two.waitsFor(one);
    // Were the waiting row written already, this would wait for it, and they for each other.
    expect(await one.attempt(...dependency(b, a))).toBe("PT409");
    await one.finish("rollback");
    expect(await second).toBe("done");
    await two.finish("rollback");
  });
});

describe("O3 nobody waits who need not", () => {
  it("O3 for another tenant, a relation, a task on top, a new subtask", async () => {
    const elsewhere = await tenantOf(database, [two, "owner"]);
    const [x, y] = await pair(elsewhere);
    const [a, b] = await pair();
    const [c, d] = await pair();
    await one.run(...dependency(a, b));
    await two.run("set local lock_timeout = '1s'");
    const statements = [
      dependency(x, y),
      dependency(c, d, "relates"),
      ["update public.tasks set parent_id = null where id = $1", [c.id]] as const,
      [
        "insert into public.tasks (tenant_id, workflow_id, parent_id, title) values ($1, $2, $3, 'Subtask')",
        [tenant, c.workflow, c.id],
      ] as const,
    ];
    for (const statement of statements) expect(await two.attempt(...statement)).toBe("done");
    expect(await two.attempt(...dependency(c, d))).toBe("55P03");
    await Promise.all([one.finish("rollback"), two.finish("rollback")]);
  });
});

// Under these the lock would be waited for, and what came before it would stay unseen.
describe.each(["repeatable read", "serializable"])("O3 in a transaction that is %s", (level) => {
  it("O3 neither dependencies nor parents change", async () => {
    const [a, b] = await pair();
    const begin = `begin isolation level ${level}`;
    for (const [statement, parameters] of [dependency(a, b), move(a, b)]) {
      await database.sql.unsafe(begin);
      await expect(database.sql.unsafe(statement, [...parameters])).rejects.toMatchObject({ code: "25001" });
      await database.sql.unsafe("rollback");
    }
    await database.sql.unsafe(begin);
    const [statement, parameters] = dependency(a, b, "relates");
    await database.sql.unsafe(statement, [...parameters]);
    await database.sql.unsafe("commit");
    expect(await edgesOf(a.workflow)).toBe(1);
  });
});

async function pair(of = tenant): Promise<readonly [Task, Task]> {
  const [a, b] = await makeTasks(database, of, await makeWorkflow(database, of), 2);
  if (a === undefined || b === undefined) throw new Error("There are not two tasks.");
  return [a, b];
}

async function alone(): Promise<Task> {
  const [task] = await makeTasks(database, tenant, await makeWorkflow(database, tenant), 1);
  if (task === undefined) throw new Error("There is no task.");
  return task;
}

async function edgesOf(workflow: string): Promise<number> {
  return (await database.sql`select from public.task_dependencies where workflow_id = ${workflow}`).length;
}

async function parentsOf(workflow: string): Promise<readonly string[]> {
  const rows = await database.sql`
    select parent_id from public.tasks where workflow_id = ${workflow} and parent_id is not null
  `;
  return rows.map((row) => String(row["parent_id"]));
}
