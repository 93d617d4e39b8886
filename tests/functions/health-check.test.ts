import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { type FunctionsHost, serveFunctions } from "../helpers/functions-host.ts";

describe("health-check", () => {
  let database: TestDatabase;
  let functions: FunctionsHost;

  beforeAll(async () => {
    database = await createDatabase({ migrated: true });
    functions = await serveFunctions(database.url);
  });

  it("P1: makes every enabled check, keeps the run and answers its status", async () => {
    const { status, json } = await functions.call("health-check");
    expect(status).toBe(200);
    const answer = z
      .object({ run_id: z.string(), status: z.string(), checks: z.record(z.string(), z.number()) })
      .parse(json);
    const runs = await database.sql`
      select r.id as run_id, r.status, jsonb_array_length(r.result -> 'checks') as checks, r.duration_ms > 0 as is_timed
      from ops.health_runs as r
    `;
    const [enabled] = await database.sql<{ checks: number }[]>`
      select count(*)::int as checks from ops.health_checks as c where c.is_enabled
    `;
    const { run_id } = answer;
    expect(runs).toEqual([{ run_id, status: answer.status, checks: enabled?.checks, is_timed: true }]);
    expect(Object.values(answer.checks).reduce((sum, checks) => sum + checks, 0)).toBe(enabled?.checks);
    expect(answer.checks["unknown"] ?? 0).toBe(0);
  });

  it("P4: says so and does nothing while another one is being recorded", async () => {
    const before = await database.sql`select from ops.health_runs`;
    await database.sql.begin(async (other) => {
      await other`select ops.record_health_check()`;
      expect(await functions.call("health-check")).toEqual({
        status: 200,
        json: { recorded: false, reason: "Another health check is being recorded." },
      });
    });
    expect(await database.sql`select from ops.health_runs`).toHaveLength(before.length + 1);
    expect(await functions.call("health-check")).toMatchObject({ status: 200, json: { recorded: true } });
  });

  it("P3: refuses who lacks the secret, and runs nothing", async () => {
    const before = await database.sql`select from ops.health_runs`;
    expect(await functions.call("health-check", "another-secret-of-thirty-two-characters")).toMatchObject({ status: 401 });
    expect(await database.sql`select from ops.health_runs`).toHaveLength(before.length);
  });
});
