import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../bench/lib/stats.ts";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { addReference, nextTasks, untrueRows } from "../helpers/readiness.ts";
import { makeWorkflow } from "../helpers/workflows.ts";
import { type PlanChange, thinkOfChange } from "./random-plan.ts";

const CHANGES = 150;

let database: TestDatabase;
let owner: Caller;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  await addReference(database);
  owner = await openCaller(database, "owner");
  await owner.close();
});

describe.each([1, 2, 3])("O2 a plan of three workflows, seed %i", (seed) => {
  it("O2 next_tasks tells after each of 150 changes what a plain query over tasks and dependencies tells", async () => {
    const random = seededRandom(seed);
    const dice = (below: number): number => Math.floor(random() * below);
    const tenant = await tenantOf(database, [owner, "owner"]);
    for (let n = 0; n < 3; n += 1) await makeWorkflow(database, tenant);
    const done = new Map<string, number>();
    for (let turn = 0; turn < CHANGES; turn += 1) {
      const change = await thinkOfChange(database.sql, tenant, dice);
      const outcome = await attempt(change);
      if (outcome === "done") done.set(change.name, (done.get(change.name) ?? 0) + 1);
      expect(["done", "PT409"], `${change.name}: ${change.statement}`).toContain(outcome);
      expect(await untrueRows(database), `seed ${seed}, change ${turn}, ${change.name}`).toBe(0);
      const workflows = await database.sql`select id from public.workflows where tenant_id = ${tenant}`;
      for (const { id } of workflows) {
        const { told, expected } = await nextTasks(database, tenant, String(id), 1 + dice(20));
        expect(told).toEqual(expected);
      }
    }
    // Every kind of change has been among them, and gone through.
    expect([...done.keys()].length).toBeGreaterThanOrEqual(17);
    await database.sql`select private.rebuild_task_readiness(${tenant})`;
    expect(await untrueRows(database)).toBe(0);
    await database.sql`delete from public.tenants where id = ${tenant}`;
    expect(await database.sql`select from private.task_readiness where tenant_id = ${tenant}`).toHaveLength(0);
  });
});

async function attempt({ statement }: PlanChange): Promise<string> {
  try {
    await database.sql.unsafe(statement);
    return "done";
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return error.code;
  }
}
