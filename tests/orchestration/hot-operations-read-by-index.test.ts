import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseCallers, type VolumeCaller } from "../../bench/volume/callers.ts";
import { VOLUME_OPERATIONS, type VolumeOperation } from "../../bench/volume/operations.ts";
import { findSequentialScans } from "../../bench/volume/plans.ts";
import { asMember } from "../../bench/volume/request.ts";
import { generate } from "../../scripts/seed/generate.ts";
import { scaleShape } from "../../scripts/seed/scale.ts";
import { createDatabase } from "../helpers/database.ts";

const LARGE = 1000;

let client: Client;
let callers: readonly VolumeCaller[];

beforeAll(async () => {
  const database = await createDatabase({ migrated: true });
  const scale = scaleShape.parse({
    tenants: 50, workflows: 1500, tasks: 6000, messages: 12000, events: 20000, metrics: 20000, articles: 1500,
  });
  await generate(database.sql, scale, () => undefined);
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("analyze");
  const all = await chooseCallers(client, scale.tenants);
  callers = all.filter(({ size }, index) => all.findIndex((caller) => caller.size === size) === index);
});
afterAll(async () => {
  await client.end();
});

describe("F2 the hot operations of members of a huge, a medium and a small tenant", () => {
  it("F2 read no table of more than a thousand rows from end to end, whatever the plan was made for", async () => {
    expect(callers.map(({ size }) => size)).toEqual(["huge", "medium", "small"]);
    expect(await findSequentialScans(client, callers, VOLUME_OPERATIONS, LARGE)).toEqual([]);
  });

  // PostgreSQL takes one plan for all values from the sixth call on, if it looks as cheap as one for those it was given.
  it.each(["events", "measurements", "messages"])(
    "F2 read no more of the newest %s than the page, however often they were asked",
    async (what) => {
      const operation = VOLUME_OPERATIONS.find(({ name }) => name.startsWith(`${what}, newest`));
      const [huge] = callers;
      if (operation === undefined || huge === undefined) throw new Error("Neither may be missing.");
      for (let call = 1; call <= 8; call += 1) await rowsRead(operation, huge, call);
      expect(await rowsRead(operation, huge, 0)).toBeLessThanOrEqual(100);
      const { rows } = await client.query(
        `select count(*)::integer as count from public.${operation.path.slice(1)} where tenant_id = $1`, [huge.tenantId],
      );
      expect(rows).toEqual([{ count: expect.toSatisfy((count: number) => count > 500) }]);
    },
  );

  it("F2 would be seen if they did, in a plan and inside a function", async () => {
    await client.query("set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off");
    const operations = VOLUME_OPERATIONS.filter(({ name }) => ["one task", "next tasks, 10"].includes(name));
    const found = await findSequentialScans(client, callers.slice(0, 1), operations, LARGE);
    expect(found.map(({ operation, plan, relation }) => `${operation}, ${plan}: ${relation}`)).toEqual(
      expect.arrayContaining([
        "one task, custom: tasks",
        "one task, generic: tasks",
        "next tasks, 10, custom: private.task_readiness",
        "next tasks, 10, generic: private.task_readiness",
      ]),
    );
  });
});

/** Rows that one call fetches as a request of the API, but for who reaches what. */
async function rowsRead(operation: VolumeOperation, caller: VolumeCaller, index: number): Promise<number> {
  await client.query("begin");
  // Not yet told to the server are also the rows of transactions just before.
  const earlier = await rowsNotTold();
  await asMember(client, caller, operation);
  await client.query({ name: operation.name, text: operation.text, values: [...operation.values(caller, index)] });
  await client.query("reset role");
  const read = (await rowsNotTold()) - earlier;
  await client.query("rollback");
  return read;
}

async function rowsNotTold(): Promise<number> {
  const { rows } = await client.query<{ read: number }>(
    `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::integer as read
     from pg_stat_xact_user_tables where relname <> 'reach'`,
  );
  return rows[0]?.read ?? Number.NaN;
}
