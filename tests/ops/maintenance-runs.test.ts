import { beforeEach, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { maintain, openSession, stepsOf } from "../helpers/maintenance.ts";
import { waitFor } from "../helpers/wait.ts";

const BUSY = { code: "PT409", message: "Maintenance is running already." };
let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase({ migrated: true });
});

async function runs(): Promise<unknown[]> {
  return [...await database.sql`select status, is_direct, error from ops.maintenance_runs order by id`];
}

/** Waits until the server has noticed that a session is gone. */
async function nobodyAtWork(): Promise<void> {
  await waitFor("end of the lost session", async () => {
    const held = await database.sql`
      select from pg_locks as l
      join pg_database as d on d.oid = l.database and d.datname = current_database()
      where l.locktype = 'advisory'
    `;
    return held.length === 0 ? true : undefined;
  });
}

describe("P2 a run over a direct connection", () => {
  it("P2 records a step whose table somebody holds, and does all others", async () => {
    await database.sql`insert into ops.health_runs (started_at) values (now() - interval '1 year')`;
    const holder = await openSession(database.url);
    await holder.query("begin; lock table ops.health_runs in access exclusive mode");
    const told: string[] = [];
    const first = await maintain(await openSession(database.url), {
      mode: "quick",
      onStep: ({ target }) => told.push(target),
    });
    await holder.query("commit");
    expect(first.status).toBe("partial");
    expect(stepsOf(first, "ops.health_runs")).toEqual(["clean_up failed 55P03"]);
    const others = first.steps.filter(({ target }) => target !== "ops.health_runs");
    expect(others.length).toBeGreaterThan(5);
    expect(others.filter(({ status }) => status !== "succeeded")).toEqual([]);
    expect(told).toEqual(first.steps.map(({ target }) => target));
    const recorded = await database.sql`select target from ops.maintenance_steps order by place`;
    expect(recorded.map(({ target }) => String(target))).toEqual(told);
    expect(await database.sql`select from ops.health_runs`).toHaveLength(1);

    const second = await maintain(await openSession(database.url), { mode: "quick" });
    expect(second.status).toBe("succeeded");
    expect(second.steps.find(({ target }) => target === "ops.health_runs")).toMatchObject({ row_count: 1 });
    expect(await database.sql`select from ops.health_runs`).toHaveLength(0);
  });

  it("P2 keeps a second run out, and goes on after one that broke off", async () => {
    const lost = await openSession(database.url);
    await lost.query("select ops.begin_maintenance('full', is_direct => true)");
    const client = await openSession(database.url);
    await expect(maintain(client, { mode: "quick" })).rejects.toMatchObject(BUSY);
    await expect(client.query("select ops.run_database_maintenance()")).rejects.toMatchObject(BUSY);
    expect(await runs()).toEqual([{ status: "running", is_direct: true, error: null }]);
    await lost.end();
    await nobodyAtWork();
    expect((await maintain(client, { mode: "quick" })).status).toBe("succeeded");
    expect(await runs()).toEqual([
      { status: "failed", is_direct: true, error: "It broke off: its connection ended." },
      { status: "succeeded", is_direct: true, error: null },
    ]);
    // The session is still there, and holds nothing.
    expect((await maintain(await openSession(database.url), { mode: "quick" })).status).toBe("succeeded");
  });

  it("P2 keeps out a run in a transaction, and is kept out by it until it ends", async () => {
    const inside = await openSession(database.url);
    await inside.query("begin");
    await inside.query("select ops.run_database_maintenance()");
    const client = await openSession(database.url);
    await expect(maintain(client, { mode: "quick" })).rejects.toMatchObject(BUSY);
    await inside.query("commit");
    expect((await maintain(client, { mode: "quick" })).status).toBe("succeeded");
    expect(await runs()).toEqual([
      { status: "succeeded", is_direct: false, error: null },
      { status: "succeeded", is_direct: true, error: null },
    ]);
  });

  it("P2 begins no step after its budget or when it is stopped, and names those left", async () => {
    const client = await openSession(database.url);
    const hurried = await maintain(client, { mode: "quick", budgetMs: 0 });
    expect(hurried.status).toBe("partial");
    expect(new Set(hurried.steps.map(({ status, error }) => `${status} ${error}`))).toEqual(
      new Set(["skipped No time was left."]),
    );
    const stop = new AbortController();
    const stopped = await maintain(client, { mode: "quick", signal: stop.signal, onStep: () => stop.abort() });
    expect(stopped.status).toBe("partial");
    expect(stopped.steps.map(({ status }) => status)).toEqual(
      ["succeeded", ...stopped.steps.slice(1).map(() => "skipped")],
    );
  });

  it("P2 leaves the session's own limits as they were", async () => {
    const client = await openSession(database.url);
    const limits = "select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement";
    const before = (await client.query(limits)).rows;
    await maintain(client, { mode: "full" });
    expect((await client.query(limits)).rows).toEqual(before);
  });

  it("P2 gives up when its connection is lost, and the next run says so", async () => {
    const client = await openSession(database.url);
    const ended = maintain(client, { mode: "quick", onStep: () => void client.end() });
    await expect(ended).rejects.toThrow(/not queryable/);
    await nobodyAtWork();
    const next = await maintain(await openSession(database.url), { mode: "quick" });
    expect(next.status).toBe("succeeded");
    expect(await runs()).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
  });
});
