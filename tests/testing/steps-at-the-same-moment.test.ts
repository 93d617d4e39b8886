import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const INSERT = "select public.insert_visual_test_step($1, $2, 'screenshot', description => 'new', place => 1)";
const MOVE = "select public.move_visual_test_step($1, $2, 1)";
const REMOVE = "select public.remove_visual_test_step($1, $2)";
const REPLACE = `select public.replace_visual_test_steps($1, $2, '[{"action": "screenshot", "description": "only"}]')`;
const FREEZE = "select public.freeze_visual_test_flow($1, $2) as version";
const ARCHIVE = "update public.visual_test_flows set is_archived = true where tenant_id = $1 and id = $2";
const DELETE_LAST = "delete from public.visual_test_steps where tenant_id = $1 and flow_id = $2 and description = 'c'";
const ADD_BEHIND = `insert into public.visual_test_steps (tenant_id, flow_id, position, action, description)
  values ($1, $2, 4, 'screenshot', 'd')`;
const END = "set constraints all immediate";

let database: TestDatabase;
let one: Caller;
let two: Caller;
let tenant: string;
let flow: string;
let other: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  one = await openCaller(database, "one");
  two = await openCaller(database, "two");
  tenant = await tenantOf(database, [one, "owner"], [two, "member"]);
});
afterAll(() => Promise.all([one.close(), two.close()]));

beforeEach(async () => {
  [flow, other] = [await beginFlow(), await beginFlow()];
  return () => Promise.all([one, two].map((caller) => caller.finish("rollback")));
});

describe("T3 two changes of one flow at the same moment", () => {
  it("T3 both insert at the same position: both steps are there", async () => {
    await one.run(INSERT, [tenant, flow]);
    expect(await secondOne(INSERT, flow)).toBe("done");
    expect(await orderOf(flow)).toBe("1new 2new 3a 4b 5c");
  });

  // private.require_test_step looks at the step again once it has the flow.
  it.each([["commit", "PT404", "1a 2b"], ["rollback", "done", "1c 2a 3b"]] as const)(
    "T3 a step is moved while it is removed (%s): %s", async (how, code, order) => {
      await one.run(REMOVE, [tenant, await stepOf(flow, "c")]);
      expect(await secondOne(MOVE, await stepOf(flow, "c"), how)).toBe(code);
      expect(await orderOf(flow)).toBe(order);
    },
  );

  it("T3 a step is removed from where it has been moved to meanwhile", async () => {
    await one.run(MOVE, [tenant, await stepOf(flow, "c")]);
    expect(await secondOne(REMOVE, await stepOf(flow, "c"))).toBe("done");
    expect(await orderOf(flow)).toBe("1a 2b");
  });

  it("T3 one is inserted while all are replaced: it comes on top", async () => {
    await one.run(REPLACE, [tenant, flow]);
    expect(await secondOne(INSERT, flow)).toBe("done");
    expect(await orderOf(flow)).toBe("1new 2only");
  });

  it.each([["commit", "PT409"], ["rollback", "done"]] as const)(
    "T3 a step is inserted while the flow is being archived (%s): %s", async (how, code) => {
      await one.run(ARCHIVE, [tenant, flow]);
      expect(await secondOne(INSERT, flow, how)).toBe(code);
    },
  );

  it("S2 P1 nobody waits for a change of another flow", async () => {
    await one.run(INSERT, [tenant, flow]);
    await two.run("set local lock_timeout = '3s'");
    expect(await two.attempt(INSERT, [tenant, other])).toBe("done");
  });
});

describe("T3 rows are written directly", () => {
  beforeEach(() => Promise.all([one, two].map((caller) => caller.run("set local role postgres"))));

  it("T3 one is added behind the last, which somebody has taken: whoever ends second is refused", async () => {
    await one.run(DELETE_LAST, [tenant, flow]);
    await two.run(ADD_BEHIND, [tenant, flow]);
    await one.run(END);
    expect(await secondOne(END)).toBe("23514");
    expect(await orderOf(flow)).toBe("1a 2b");
  });

  it("T3 the other way round", async () => {
    await two.run(DELETE_LAST, [tenant, flow]);
    await one.run(ADD_BEHIND, [tenant, flow]);
    await one.run(END);
    expect(await secondOne(END)).toBe("23514");
    expect(await orderOf(flow)).toBe("1a 2b 3c 4d");
  });

  it.each(["repeatable read", "serializable"])("T3 the order does not change in a transaction that is %s", async (level) => {
    const change = `insert into public.visual_test_steps (tenant_id, flow_id, position, action)
      values ('${tenant}', '${flow}', 4, 'screenshot')`;
    await expect(database.sql.unsafe(`begin isolation level ${level}; ${change}; commit`).simple())
      .rejects.toMatchObject({ code: "25001" });
    await database.sql.unsafe("rollback");
    expect(await orderOf(flow)).toBe("1a 2b 3c");
  });
});

describe("T3 a flow runs", () => {
  it("T3 twice at the same moment: one version is made", async () => {
    await one.run(FREEZE, [tenant, flow]);
    expect(await secondOne(FREEZE, flow)).toBe("done");
    await two.finish("commit");
    const rows = await database.sql`select version from public.visual_test_flow_versions where flow_id = ${flow}`;
    expect(rows.map((row) => row["version"])).toEqual([1]);
  });

  it("T3 while a step is inserted: with the step", async () => {
    await one.run(INSERT, [tenant, flow]);
    expect(await secondOne(FREEZE, flow)).toBe("done");
    const [row] = await database.sql`
      select jsonb_array_length(snapshot -> 'steps') as steps from public.visual_test_flow_versions where flow_id = ${flow}
    `;
    expect(row?.["steps"]).toBe(4);
  });
});

/** What becomes of a change that waits for the first one, which then ends. All is committed. */
async function secondOne(statement: string, thing?: string, how: "commit" | "rollback" = "commit"): Promise<string> {
  const outcome = two.attempt(statement, thing === undefined ? [] : [tenant, thing]);
  await two.waitsFor(one);
  await one.finish(how);
  const code = await outcome;
  await two.finish(code === "done" ? "commit" : "rollback");
  return code;
}

async function beginFlow(): Promise<string> {
  const id = randomUUID();
  await database.sql`insert into public.visual_test_flows (tenant_id, id, name) values (${tenant}, ${id}, 'Flow')`;
  await database.sql`
    insert into public.visual_test_steps (tenant_id, flow_id, position, action, description)
    select ${tenant}, ${id}, place, 'screenshot', name from unnest('{a, b, c}'::text[]) with ordinality as s (name, place)
  `;
  return id;
}

async function stepOf(of: string, description: string): Promise<string> {
  const [row] = await database.sql`
    select id from public.visual_test_steps where flow_id = ${of} and description = ${description}
  `;
  return String(row?.["id"]);
}

async function orderOf(of: string): Promise<string> {
  const rows = await database.sql`
    select position || description as step from public.visual_test_steps where flow_id = ${of} order by position
  `;
  return rows.map((row) => String(row["step"])).join(" ");
}
