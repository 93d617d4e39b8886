import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseCallers, type VolumeCaller } from "../../bench/volume/callers.ts";
import { VOLUME_OPERATIONS } from "../../bench/volume/operations.ts";
import { findSequentialScans } from "../../bench/volume/plans.ts";
import { generate } from "../../scripts/seed/generate.ts";
import { scaleShape } from "../../scripts/seed/scale.ts";
import { createDatabase } from "../helpers/database.ts";

const LARGE = 1000;

let client: Client;
let callers: readonly VolumeCaller[];

beforeAll(async () => {
  const database = await createDatabase({ migrated: true });
  const scale = scaleShape.parse({
    tenants: 20, workflows: 600, tasks: 6000, messages: 6000, events: 6000, metrics: 6000, articles: 1500,
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
