import { afterEach, describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { findingOf, openSession, runCheck, type Session, setThreshold } from "./sessions-actors.ts";

const database = await createDatabase({ migrated: true });
const elsewhere = await createDatabase();
const { sql } = database;
const sessions: Session[] = [];

async function open(url = database.url): Promise<Session> {
  const session = await openSession(url, sql);
  sessions.push(session);
  return session;
}

/** Each takes a transaction id. */
async function spend(transactions: number): Promise<void> {
  await sql.unsafe(`
    do $$ begin
      for i in 1..${transactions} loop
        perform pg_current_xact_id();
        commit;
      end loop;
    end $$`).simple();
}

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.end();
  await setThreshold(sql, "xmin_horizon.age_transactions", null, null);
  await setThreshold(sql, "xmin_horizon.age_seconds", null, null);
});

describe("P1: what holds the horizon back", () => {
  it("is a transaction with an old snapshot, until the remedy ends it", async () => {
    const old = await open();
    await old.run("begin isolation level repeatable read; select count(*) from ops.schedules");
    expect(findingOf(await runCheck(sql, "xmin_horizon"), old.key), "young").toBeUndefined();
    await setThreshold(sql, "xmin_horizon.age_transactions", 50, 100);
    await spend(60);
    expect(findingOf(await runCheck(sql, "xmin_horizon"), old.key)?.status).toBe("warn");
    await spend(60);
    const found = findingOf(await runCheck(sql, "xmin_horizon"), old.key);
    expect(found).toMatchObject({
      status: "critical",
      facts: { kind: "session", horizon: "data", state: "idle in transaction", role_name: "postgres" },
    });
    await sql.unsafe(found?.remedy ?? "");
    // Told to end, it does so at its next look.
    const isOver = await waitFor("end of the session", () => old.run("select 1").then(() => undefined, () => true));
    expect(isOver).toBe(true);
  });

  it("is found by its age in seconds as well", async () => {
    const old = await open();
    await old.run("begin isolation level repeatable read; select count(*) from ops.schedules");
    await setThreshold(sql, "xmin_horizon.age_seconds", 0, null);
    expect(findingOf(await runCheck(sql, "xmin_horizon"), old.key)?.status).toBe("warn");
  });

  it("is a transaction that has written, with no snapshot of its own", async () => {
    const writer = await open();
    await writer.run("begin; select pg_current_xact_id()");
    await setThreshold(sql, "xmin_horizon.age_transactions", 1, 2);
    await spend(5);
    expect(findingOf(await runCheck(sql, "xmin_horizon"), writer.key)?.status).toBe("critical");
  });

  it("is no transaction between two statements that has neither", async () => {
    const reader = await open();
    await reader.run("begin; select count(*) from ops.schedules");
    await setThreshold(sql, "xmin_horizon.age_transactions", 0, 0);
    await setThreshold(sql, "xmin_horizon.age_seconds", 0, 0);
    expect(findingOf(await runCheck(sql, "xmin_horizon"), reader.key)).toBeUndefined();
  });

  it("is no session in another database, though it is listed", async () => {
    const far = await open(elsewhere.url);
    await far.run("begin isolation level repeatable read; select 1 from pg_class limit 1");
    await setThreshold(sql, "xmin_horizon.age_seconds", 0, 0);
    expect(findingOf(await runCheck(sql, "xmin_horizon"), far.key)).toBeUndefined();
    expect(await sql`select database_name from ops.get_xmin_holders() where key = ${far.key}`).toEqual([
      { database_name: elsewhere.name },
    ]);
  });
});
