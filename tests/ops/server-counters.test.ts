import postgres from "postgres";
import { afterAll, describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { type Check, openSession, runCheck, setThreshold } from "./sessions-actors.ts";

const database = await createDatabase({ migrated: true });
const { sql } = database;
const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
afterAll(() => admin.end({ timeout: 5 }));

/** A session reports what it counted when it ends, and the server a moment later. */
async function counted(column: "deadlocks" | "temp_files" | "rollbacks", atLeast: number): Promise<void> {
  await waitFor(`${atLeast} ${column}`, async () => {
    const [row] = await sql`select ${sql(column)}::integer as count from ops.get_database_counters()`;
    return Number(row?.["count"]) >= atLeast ? true : undefined;
  });
}

function statusOf(answer: Check): string {
  return `${answer.status} ${answer.findings.length}`;
}

describe("P1: counters since the last reset", () => {
  it.each(["temp_files", "deadlocks", "rollbacks"])("%s: too young to judge, and says so", async (name) => {
    await admin`select pg_stat_reset()`;
    expect(await runCheck(sql, name)).toMatchObject({
      status: "skipped",
      reason: expect.stringMatching(/^Too little is known to judge: window_seconds is \d+, and has to be above 3600\.$/),
      findings: [],
    });
    await setThreshold(sql, `${name}.window_seconds`, 0, null);
  });

  it("a deadlock is counted, per hour", async () => {
    expect(statusOf(await runCheck(sql, "deadlocks"))).toBe("ok 0");
    await sql`create table public.things (id integer constraint things_pkey primary key, n integer)`;
    await sql`insert into public.things values (1, 0), (2, 0)`;
    const [left, right] = [await openSession(database.url, sql), await openSession(database.url, sql)];
    await left.run("begin; update public.things set n = 1 where id = 1");
    await right.run("begin; update public.things set n = 1 where id = 2");
    const { done } = await left.runUntilItWaits("update public.things set n = 2 where id = 2");
    const other = await right.run("update public.things set n = 2 where id = 1").then(
      () => "done",
      (error: unknown) => error instanceof postgres.PostgresError ? error.code : String(error),
    );
    expect([await done, other].sort()).toEqual(["40P01", "done"]);
    await left.end();
    await right.end();
    await counted("deadlocks", 1);
    await setThreshold(sql, "deadlocks.deadlocks_per_hour", 1, 1e9);
    const answer = await runCheck(sql, "deadlocks");
    expect(statusOf(answer)).toBe("warn 1");
    expect(answer.findings[0]).toMatchObject({ key: database.name, facts: { deadlocks: 1 } });
  });

  it("a sort that does not fit into work_mem is counted, in bytes per hour", async () => {
    expect(statusOf(await runCheck(sql, "temp_files"))).toBe("ok 0");
    const session = await openSession(database.url, sql);
    await session.run("set work_mem = '64kB'; select n from generate_series(1, 200000) as n order by -n offset 199999");
    await session.end();
    await counted("temp_files", 1);
    await setThreshold(sql, "temp_files.bytes_per_hour", 1, 1e15);
    const answer = await runCheck(sql, "temp_files");
    expect(statusOf(answer)).toBe("warn 1");
    expect(Number(answer.findings[0]?.facts["temp_bytes"])).toBeGreaterThan(1_000_000);
  });

  it("rollbacks are a share of enough transactions", async () => {
    expect(await runCheck(sql, "rollbacks")).toMatchObject({
      status: "skipped",
      reason: expect.stringMatching(/transactions is \d+, and has to be above 1000\.$/),
    });
    await setThreshold(sql, "rollbacks.transactions", 0, null);
    await setThreshold(sql, "rollbacks.percent", 40, 100);
    expect(statusOf(await runCheck(sql, "rollbacks"))).toBe("ok 0");
    const session = await openSession(database.url, sql);
    for (let i = 0; i < 200; i += 1) await session.run("begin; rollback");
    await session.end();
    await counted("rollbacks", 200);
    const answer = await runCheck(sql, "rollbacks");
    expect(statusOf(answer)).toBe("warn 1");
    expect(answer.findings[0]?.message).toMatch(/% of the transactions since .* were rolled back\.$/);
  });

  it("requested checkpoints are a share of all", async () => {
    await admin`checkpoint`;
    await setThreshold(sql, "checkpoints_requested.window_seconds", 0, null);
    await setThreshold(sql, "checkpoints_requested.checkpoints", 0, null);
    await setThreshold(sql, "checkpoints_requested.percent", 101, 102);
    expect(statusOf(await runCheck(sql, "checkpoints_requested"))).toBe("ok 0");
    await setThreshold(sql, "checkpoints_requested.percent", 0.001, 102);
    const answer = await runCheck(sql, "checkpoints_requested");
    expect(statusOf(answer)).toBe("warn 1");
    expect(Number(answer.findings[0]?.facts["checkpoints_requested"])).toBeGreaterThan(0);
    await setThreshold(sql, "checkpoints_requested.checkpoints", 1_000_000, null);
    expect((await runCheck(sql, "checkpoints_requested")).status, "too few").toBe("skipped");
  });
});
