import { afterEach, describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { findingOf, openSession, runCheck, type Session, setThreshold } from "./sessions-actors.ts";

const database = await createDatabase({ migrated: true });
const { sql } = database;
const sessions: Session[] = [];
const MEASURES = {
  long_transactions: "transaction_seconds",
  idle_in_transaction: "idle_seconds",
  long_queries: "query_seconds",
} as const;

type Name = keyof typeof MEASURES;
const NAMES = ["long_transactions", "idle_in_transaction", "long_queries"] as const;

async function open(): Promise<Session> {
  const session = await openSession(database.url, sql);
  sessions.push(session);
  return session;
}

/** The checks that find something about a session, when any age is too old. */
async function foundBy(session: Session): Promise<Name[]> {
  const found: Name[] = [];
  for (const name of NAMES) {
    expect(findingOf(await runCheck(sql, name), session.key), `${name}, young`).toBeUndefined();
    await setThreshold(sql, `${name}.${MEASURES[name]}`, 0, 0);
    if (findingOf(await runCheck(sql, name), session.key)?.status === "critical") found.push(name);
    await setThreshold(sql, `${name}.${MEASURES[name]}`, null, null);
  }
  return found;
}

async function remedyFor(name: Name, session: Session): Promise<string> {
  await setThreshold(sql, `${name}.${MEASURES[name]}`, 0, null);
  const found = findingOf(await runCheck(sql, name), session.key);
  await setThreshold(sql, `${name}.${MEASURES[name]}`, null, null);
  return found?.remedy ?? "";
}

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.end();
});

describe("P1: transactions that stay open", () => {
  it("a session outside a transaction is nobody's business", async () => {
    expect(await foundBy(await open())).toEqual([]);
  });

  it("one that is idle in it is found as idle and as long, and the remedy ends it", async () => {
    const session = await open();
    await session.run("begin; select 'last words'");
    expect(await foundBy(session)).toEqual(["long_transactions", "idle_in_transaction"]);
    const [row] = await sql`
      select role_name, state, is_idle_in_transaction, query, query_seconds
      from ops.get_long_transactions('0') where pid = ${session.pid}
    `;
    expect(row).toEqual({
      role_name: "postgres",
      state: "idle in transaction",
      is_idle_in_transaction: true,
      query: "begin; select ?",
      query_seconds: null,
    });
    expect(await sql`select from ops.get_long_transactions('1 h') where pid = ${session.pid}`).toHaveLength(0);
    await sql.unsafe(await remedyFor("idle_in_transaction", session));
    await waitFor("end of the session", async () =>
      (await sql`select from pg_stat_activity where pid = ${session.pid}`).length === 0 ? true : undefined);
  });

  it("one that failed and was left is idle, and has lost its beginning", async () => {
    const session = await open();
    await expect(session.run("begin; select 1 / 0")).rejects.toThrow("division by zero");
    expect(await foundBy(session)).toEqual(["idle_in_transaction"]);
  });

  it("one that works is found by its query, which the remedy cancels", async () => {
    const [holder, worker] = [await open(), await open()];
    await holder.run("select pg_advisory_lock(1)");
    const { done } = await worker.runUntilItWaits("select pg_advisory_lock(1)");
    expect(await foundBy(worker)).toEqual(["long_transactions", "long_queries"]);
    const remedy = await remedyFor("long_queries", worker);
    expect(remedy).toContain("pg_cancel_backend");
    await sql.unsafe(remedy);
    expect(await done).toBe("57014");
  });

  it("the remedy leaves alone a later session with the same process id", async () => {
    const session = await open();
    await session.run("begin; select 1");
    const remedy = await remedyFor("idle_in_transaction", session);
    const other = remedy.replace(/backend_start = '\d{4}/, "backend_start = '1999");
    expect(other).not.toBe(remedy);
    expect(await sql.unsafe(other)).toHaveLength(0);
    expect(await sql.unsafe(remedy)).toHaveLength(1);
  });
});
