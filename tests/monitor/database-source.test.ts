import { expect, it } from "vitest";
import { createDatabaseHealthMonitor } from "../../client/monitor/create-database-health-monitor.ts";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";

it("P5 over a database address it tells the health, maintains, and keeps no connection", async () => {
  const { url, sql } = await createDatabase({ migrated: true });
  const monitor = createDatabaseHealthMonitor({ databaseUrl: url });
  const { result, reason } = await monitor.getHealthStatus();
  expect(reason).toBeNull();
  expect(result?.checks.length).toBeGreaterThan(0);
  expect(await monitor.performMaintenance("quick")).toMatchObject({ mode: "quick", status: "succeeded" });
  const [run] = await sql`select mode, status from ops.maintenance_runs`;
  expect(run).toEqual({ mode: "quick", status: "succeeded" });
  // A backend ends a moment after its client has gone.
  await waitFor("end of the monitor's connections", async () => {
    const rows = await sql`
      select from pg_stat_activity where application_name = 'rowhouse monitor' and datname = current_database()
    `;
    return rows.length === 0 ? true : undefined;
  });
});

it("P5 it sees a database go and come back", async () => {
  const { url, sql, name } = await createDatabase({ migrated: true });
  const other = await createDatabase();
  const monitor = createDatabaseHealthMonitor({ databaseUrl: url });
  expect((await monitor.getHealthStatus()).reason).toBeNull();
  await sql.end({ timeout: 5 });
  await other.sql.unsafe(`alter database "${name}" with allow_connections false`);
  expect(await monitor.getHealthStatus()).toMatchObject({
    status: "unknown",
    reason: `database "${name}" is not currently accepting connections`,
  });
  await other.sql.unsafe(`alter database "${name}" with allow_connections true`);
  expect((await monitor.getHealthStatus()).reason).toBeNull();
});

it("P5 a database without our schema, or none at all, is unknown, and no secret is told", async () => {
  const { url } = await createDatabase();
  const reasons = [url, "postgresql://postgres:hush-hush@127.0.0.1:1/postgres"].map(async (databaseUrl) =>
    (await createDatabaseHealthMonitor({ databaseUrl }).getHealthStatus()).reason
  );
  const [noSchema, nobody] = await Promise.all(reasons);
  expect(noSchema).toBe('schema "ops" does not exist');
  expect(nobody).toBe("connect ECONNREFUSED 127.0.0.1:1");
  expect(() => createDatabaseHealthMonitor({ databaseUrl: "hush-hush" })).toThrow(
    "The database address is not postgresql://user:password@host:port/database.",
  );
});
