import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { findingOf, openSession, runCheck, type Session, setThreshold } from "./sessions-actors.ts";

const database = await createDatabase({ migrated: true });
const { sql } = database;
const sessions: Session[] = [];

async function open(url = database.url): Promise<Session> {
  const session = await openSession(url, sql);
  sessions.push(session);
  return session;
}

async function locksOf(pid: number): Promise<Record<string, unknown> | undefined> {
  const [row] = await sql`
    select lock_type, lock_mode, relation, blocked_by, chain, root_key, root_pid, root_state
    from ops.get_blocking_locks() where waiting_pid = ${pid}
  `;
  return row;
}

beforeAll(async () => {
  await sql`create table public.things (id integer constraint things_pkey primary key, n integer)`;
  await sql`insert into public.things select id, 0 from generate_series(1, 5) as id`;
});

afterEach(async () => {
  for (const session of sessions.splice(0).reverse()) await session.end();
  await setThreshold(sql, "blocking_locks.waiting_seconds", null, null);
});

describe("P1: who waits for whom", () => {
  it("is nobody while nobody waits", async () => {
    const root = await open();
    await root.run("begin; update public.things set n = 1 where id = 1");
    await setThreshold(sql, "blocking_locks.waiting_seconds", 0, 0);
    expect(findingOf(await runCheck(sql, "blocking_locks"), root.key)).toBeUndefined();
  });

  it("is shown as the whole chain with its root, whose end by the remedy frees all", async () => {
    const [root, middle, last] = [await open(), await open(), await open()];
    await root.run("begin; update public.things set n = 1 where id = 1");
    await middle.run("begin; update public.things set n = 1 where id = 2");
    const first = await middle.runUntilItWaits("update public.things set n = 2 where id = 1; commit");
    const second = await last.runUntilItWaits("update public.things set n = 2 where id = 2");
    expect(await locksOf(middle.pid)).toMatchObject({ blocked_by: [root.pid], chain: [middle.pid, root.pid] });
    expect(await locksOf(last.pid)).toEqual({
      lock_type: "transactionid",
      lock_mode: "ShareLock",
      relation: "public.things",
      blocked_by: [middle.pid],
      chain: [last.pid, middle.pid, root.pid],
      root_key: root.key,
      root_pid: root.pid,
      root_state: "idle in transaction",
    });
    expect(await locksOf(root.pid)).toBeUndefined();

    expect(findingOf(await runCheck(sql, "blocking_locks"), root.key), "too short and too few").toBeUndefined();
    await setThreshold(sql, "blocking_locks.waiting_seconds", 0, 0);
    const answer = await runCheck(sql, "blocking_locks");
    const found = findingOf(answer, root.key);
    expect(found).toMatchObject({
      status: "critical",
      facts: { sessions_behind: 2, root_pid: root.pid, root_query: expect.stringContaining("where id = 1") },
    });
    expect(answer.findings.map((each) => each.key)).not.toContain(middle.key);
    expect(found?.remedy).toContain("pg_terminate_backend");
    await sql.unsafe(found?.remedy ?? "");
    expect(await Promise.all([first.done, second.done])).toEqual(["done", "done"]);
  });

  it("sees a queue: three behind one is a warning at once, and two are not", async () => {
    const [root, one, two, three] = [await open(), await open(), await open(), await open()];
    await root.run("begin; lock table public.things in access exclusive mode");
    const first = await one.runUntilItWaits("select n from public.things");
    const second = await two.runUntilItWaits("update public.things set n = 3");
    expect(findingOf(await runCheck(sql, "blocking_locks"), root.key)).toBeUndefined();
    const third = await three.runUntilItWaits("alter table public.things add column more integer");
    expect(await locksOf(three.pid)).toMatchObject({
      lock_mode: "AccessExclusiveLock",
      blocked_by: [root.pid, one.pid, two.pid].sort((a, b) => Number(a) - Number(b)),
      chain: [three.pid, root.pid],
    });
    expect(findingOf(await runCheck(sql, "blocking_locks"), root.key)).toMatchObject({
      status: "warn",
      facts: { sessions_behind: 3 },
    });
    await root.run("rollback");
    expect(await Promise.all([first.done, second.done, third.done])).toEqual(["done", "done", "done"]);
  });

  it("sees a table locked by another session, which the CLI's own query does not", async () => {
    const [root, reader] = [await open(), await open()];
    await root.run("begin; lock table public.things");
    const { done } = await reader.runUntilItWaits("select n from public.things");
    expect(await locksOf(reader.pid)).toEqual({
      lock_type: "relation",
      lock_mode: "AccessShareLock",
      relation: "public.things",
      blocked_by: [root.pid],
      chain: [reader.pid, root.pid],
      root_key: root.key,
      root_pid: root.pid,
      root_state: "idle in transaction",
    });
    await root.run("rollback");
    expect(await done).toBe("done");
  });

  it("has no root in a circle, and says so", async () => {
    const [left, right] = [await open(database.adminUrl), await open(database.adminUrl)];
    for (const [session, id] of [[left, 4], [right, 5]] as const) {
      await session.run(`set deadlock_timeout = '1 h'; begin; update public.things set n = 1 where id = ${id}`);
    }
    const waits = [
      await left.runUntilItWaits("update public.things set n = 2 where id = 5"),
      await right.runUntilItWaits("update public.things set n = 2 where id = 4"),
    ];
    expect(await locksOf(left.pid)).toMatchObject({ chain: [left.pid, right.pid], root_key: null, root_pid: null });
    await setThreshold(sql, "blocking_locks.waiting_seconds", 0, 0);
    expect(findingOf(await runCheck(sql, "blocking_locks"), "deadlock")).toMatchObject({ status: "critical", remedy: null });
    const third = await open(database.adminUrl);
    await third.run(`select pg_cancel_backend(${left.pid})`);
    expect(await Promise.all(waits.map((wait) => wait.done))).toEqual(["57014", "done"]);
  });
});
