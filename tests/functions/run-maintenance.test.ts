import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openSession } from "../helpers/maintenance.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";

const sql = openSql();
const { db_url, functions_url, functions_secret, secret_key } = readStack();

const answer = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  error: z.object({ code: z.string() }).optional(),
  steps: z.array(z.object({ name: z.string(), target: z.string(), status: z.string() })).default([]),
});

async function call(body: unknown, bearer = functions_secret) {
  const response = await fetch(`${functions_url}/run-maintenance`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { http: response.status, ...answer.parse(await response.json()) };
}

describe("run-maintenance", () => {
  it("P2 P3 makes a run over a direct connection and answers with what is recorded", async () => {
    await sql`create table private.test_pond (id integer) with (autovacuum_enabled = false)`;
    try {
      await sql`insert into private.test_pond select generate_series(1, 900)`;
      await sql`delete from private.test_pond`;
      await expect.poll(async () => {
        const [row] = await sql`select n_dead_tup::integer as dead from pg_stat_user_tables where relname = 'test_pond'`;
        return row?.["dead"];
      }, { timeout: 60_000 }).toBe(900);
      const made = await call({ mode: "quick" });
      expect(made.steps).toContainEqual({ name: "vacuum", target: "private.test_pond", status: "succeeded" });
      expect(made.steps.find(({ name }) => name === "add_partitions")?.status).toBe("succeeded");
      const [run] = await sql`select mode, is_direct, status from ops.maintenance_runs where id = ${made.id ?? ""}`;
      expect(run).toEqual({ mode: "quick", is_direct: true, status: made.status });
    } finally {
      await sql`drop table private.test_pond`;
    }
  });

  it("P3 turns away who has not the secret, and a body without a known mode", async () => {
    expect((await call({ mode: "quick" }, secret_key)).error?.code).toBe("unauthorized");
    expect((await call({ mode: "slow" })).error?.code).toBe("invalid_body");
    expect((await call({})).error?.code).toBe("invalid_body");
  });

  it("P2 says so when another run is at work", async () => {
    const other = await openSession(db_url);
    await other.query("begin");
    await other.query("select ops.begin_maintenance('quick', is_direct => false)");
    expect(await call({ mode: "quick" })).toMatchObject({ http: 409, error: { code: "maintenance_is_running" } });
    await other.query("rollback");
    expect((await call({ mode: "quick" })).error?.code).not.toBe("maintenance_is_running");
  });

  it("P3 takes what its schedules send", async () => {
    const schedules = await sql`select body, timeout_seconds from ops.schedules where target = 'run-maintenance' order by name desc`;
    expect(schedules.map(({ body }) => z.object({ mode: z.string() }).parse(body).mode)).toEqual(["quick", "full"]);
    for (const { body } of schedules) {
      const made = await call(body);
      // Other tests plant views that fail; whatever else happens is a fault.
      expect(made.steps.filter(({ name, status }) => status !== "succeeded" && name !== "refresh_view")).toEqual([]);
      expect(made.steps.length).toBeGreaterThan(5);
    }
  });
});
