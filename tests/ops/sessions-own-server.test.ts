import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import { startPostgres } from "../../scripts/stack/postgres/server.ts";
import { findingOf, openSession, runCheck, setThreshold } from "./sessions-actors.ts";

// What is set for the whole server cannot be tried on one that others use.
const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-test-"));
const server = await startPostgres({
  dataDir: path.join(folder, "data"),
  port: 0,
  parameters: ["max_prepared_transactions=5", "max_slot_wal_keep_size=1MB"],
});
const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
const admin = postgres(server.adminUrl, { max: 1, onnotice: () => undefined });
for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);

// What a failed test left would keep the next one waiting.
afterEach(async () => {
  for (const { gid } of await sql<{ gid: string }[]>`select gid from pg_prepared_xacts`) {
    await sql.unsafe(`rollback prepared '${gid}'`);
  }
  await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots`;
  await sql`update ops.health_thresholds set warn = null, critical = null`;
});

afterAll(async () => {
  await sql.end({ timeout: 5 });
  await admin.end({ timeout: 5 });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("P1: a prepared transaction", () => {
  it("is the root of whoever waits for it, and holds the horizon, until the remedy ends it", async () => {
    await sql`create table public.things (id integer constraint things_pkey primary key)`;
    const session = await openSession(server.url, sql);
    await session.run("begin; insert into public.things values (1); prepare transaction 'left alone'");
    const { done } = await session.runUntilItWaits("insert into public.things values (1)");
    const rows = await sql`
      select chain, root_pid, root_key, root_prepared, root_role, root_state from ops.get_blocking_locks()
      where waiting_pid = ${session.pid}
    `;
    expect(rows).toEqual([{
      chain: [session.pid, 0],
      root_pid: 0,
      root_key: "prepared left alone",
      root_prepared: "left alone",
      root_role: "postgres",
      root_state: "prepared",
    }]);
    await setThreshold(sql, "blocking_locks.waiting_seconds", 0, null);
    await setThreshold(sql, "xmin_horizon.age_seconds", 0, null);
    const found = findingOf(await runCheck(sql, "blocking_locks"), "prepared left alone");
    const holder = findingOf(await runCheck(sql, "xmin_horizon"), "prepared left alone");
    expect(holder).toMatchObject({ status: "warn", facts: { kind: "prepared transaction" }, remedy: found?.remedy });
    await sql.unsafe(found?.remedy ?? "");
    expect(await done).toBe("done");
    expect((await runCheck(sql, "xmin_horizon")).findings).toEqual([]);
    await session.end();
  });
});

describe("P1: a replication slot", () => {
  it("is found by the WAL it keeps and the horizon it holds, until the remedy drops it", async () => {
    await sql`select pg_create_logical_replication_slot('forgotten', 'pgoutput')`;
    expect((await runCheck(sql, "replication")).status, "nobody reads it since just now").toBe("ok");
    await setThreshold(sql, "xmin_horizon.age_transactions", 0, null);
    expect(findingOf(await runCheck(sql, "xmin_horizon"), "slot forgotten catalog")).toMatchObject({
      status: "warn",
      facts: { kind: "replication slot", horizon: "catalog", state: "inactive" },
    });
    await setThreshold(sql, "replication.retained_bytes", 100_000, 200_000);
    await sql`select pg_logical_emit_message(false, 'test', repeat('x', 150000))`;
    expect(findingOf(await runCheck(sql, "replication"), "slot forgotten")?.status).toBe("warn");
    await sql`select pg_logical_emit_message(false, 'test', repeat('x', 150000))`;
    const found = findingOf(await runCheck(sql, "replication"), "slot forgotten");
    expect(found).toMatchObject({ status: "critical", facts: { is_active: false, slot_type: "logical" } });
    await sql.unsafe(found?.remedy ?? "");
    expect(await runCheck(sql, "replication")).toMatchObject({ status: "ok", findings: [] });
  });

  it("is found when nobody reads it, and when it has lost what it needs", async () => {
    await sql`select pg_create_physical_replication_slot('cut_off', true)`;
    expect((await runCheck(sql, "replication")).status).toBe("ok");
    await setThreshold(sql, "replication.inactive_seconds", 0, null);
    expect(findingOf(await runCheck(sql, "replication"), "slot cut_off")?.status).toBe("warn");
    for (const _ of [1, 2, 3]) {
      await sql`select pg_logical_emit_message(false, 'test', 'x')`;
      await admin`select pg_switch_wal()`;
    }
    await admin`checkpoint`;
    expect(findingOf(await runCheck(sql, "replication"), "slot cut_off")).toMatchObject({
      status: "critical",
      message: "The slot cut_off lost the WAL it needs: its reader has to begin anew.",
    });
  });
});

describe("P1: without pg_monitor", () => {
  it("the checks that need it are skipped and say so, and the whole is unknown", async () => {
    await admin`revoke pg_monitor, pg_read_all_stats from postgres`;
    const names = [
      "blocking_locks",
      "connections",
      "idle_in_transaction",
      "long_queries",
      "long_transactions",
      "replication",
      "xmin_horizon",
    ];
    for (const name of names) {
      expect(await runCheck(sql, name), name).toMatchObject({
        status: "skipped",
        reason: "The role postgres may not see the sessions of others.",
      });
    }
    const [row] = await sql`select ops.database_health_check() ->> 'status' as status`;
    expect(row).toEqual({ status: "unknown" });
    await admin`grant pg_monitor to postgres`;
    expect((await runCheck(sql, "connections")).status).toBe("ok");
  });
});
