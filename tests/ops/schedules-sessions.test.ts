import postgres from "postgres";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";

const LATCH = 41;
const runShape = z.object({ status: z.string(), error: z.string().nullable() });
let database: TestDatabase;
const sessions = new Set<postgres.Sql>();

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  await database.sql`update ops.schedules set is_enabled = false`;
  await database.sql`
    insert into ops.schedules (name, description, cron, kind, target)
    values ('slow', 'Waits for the test.', '0 0 1 1 *', 'sql', ${`select pg_advisory_xact_lock(${LATCH})`})
  `;
});
afterEach(async () => {
  // Whatever a failing test left waiting.
  await Promise.all([...sessions].map((session) => session.end({ timeout: 1 })));
  sessions.clear();
});

/** A session of its own, as each job of pg_cron has one. */
function connect(): postgres.Sql {
  const session = postgres(database.url, { max: 1, onnotice: () => undefined });
  sessions.add(session);
  return session;
}

async function runs(): Promise<z.infer<typeof runShape>[]> {
  const rows = await database.sql`
    select status, regexp_replace(error, 'began at .* is', 'began at ... is') as error from ops.schedule_runs
    where schedule_name = 'slow' order by started_at, id
  `;
  return rows.map((row) => runShape.parse(row));
}

/** The command that pg_cron would run, as it is in cron.job. */
async function commandOf(name: string): Promise<string> {
  const rows = await database.sql`select command from ops.list_expected_jobs() where job = ${`rowhouse:${name}`}`;
  return z.object({ command: z.string() }).parse(rows[0]).command;
}

/** Lets the next run of "slow" wait until the returned function is called. */
async function holdBack(): Promise<() => Promise<void>> {
  const holder = connect();
  await holder`select pg_advisory_lock(${LATCH})`;
  return () => holder.end({ timeout: 1 });
}

/** The backend that waits for the test. */
function waiting(): Promise<number> {
  return waitFor("waiting run", async () => {
    const rows = await database.sql`
      select pid from pg_locks where locktype = 'advisory' and objid = ${LATCH} and not granted
        and database = (select oid from pg_database where datname = current_database())
    `;
    return rows[0] === undefined ? undefined : z.object({ pid: z.number() }).parse(rows[0]).pid;
  });
}

describe("a run in a session of its own", () => {
  it("P3 is seen while it goes on; a second one is refused and recorded; the first ends well", async () => {
    const release = await holdBack();
    const command = await commandOf("slow");
    const first = connect().unsafe(command).simple();
    first.catch(() => undefined);
    await waiting();
    expect(await runs()).toEqual([{ status: "running", error: null }]);
    await database.sql.unsafe(command).simple();
    const refused = { status: "refused", error: "The run that began at ... is still going on." };
    expect(await runs()).toEqual([{ status: "running", error: null }, refused]);
    await release();
    await first;
    expect(await runs()).toEqual([{ status: "succeeded", error: null }, refused]);
  });

  it("P3 that is cancelled says so", async () => {
    await database.sql`delete from ops.schedule_runs`;
    const release = await holdBack();
    const run = connect().unsafe(await commandOf("slow")).simple();
    run.catch(() => undefined);
    await database.sql`select pg_cancel_backend(${await waiting()})`;
    await run;
    expect(await runs()).toEqual([
      { status: "failed", error: "canceling statement due to user request (57014)" },
    ]);
    await release();
  });

  it("P3 whose session was terminated is ended by the watch, which then runs the schedule again", async () => {
    await database.sql`delete from ops.schedule_runs`;
    const release = await holdBack();
    const run = connect().unsafe(await commandOf("slow")).simple();
    run.catch(() => undefined);
    const pid = await waiting();
    await database.sql`select ops.end_abandoned_runs()`;
    expect(await runs(), "one that goes on is left alone").toEqual([{ status: "running", error: null }]);
    await database.sql`select pg_terminate_backend(${pid}, 10000)`;
    await expect(run).rejects.toThrow();
    await release();
    expect(await runs(), "nobody could say that it ended").toEqual([{ status: "running", error: null }]);
    await database.sql`select ops.run_schedule_now('slow')`;
    await database.sql.unsafe(await commandOf("_watch")).simple();
    expect(await runs()).toEqual([
      { status: "failed", error: "The session that ran this is gone." },
      { status: "succeeded", error: null },
    ]);
  });

  it("P3 of two that begin at once, one is refused", async () => {
    await database.sql`delete from ops.schedule_runs`;
    const release = await holdBack();
    const command = await commandOf("slow");
    const both = [connect(), connect()].map((sql) => sql.unsafe(command).simple().execute());
    await waiting();
    await waitFor("refused run", async () => (await runs()).length === 2 || undefined);
    expect((await runs()).map(({ status }) => status).sort()).toEqual(["refused", "running"]);
    await release();
    await Promise.all(both);
    expect((await runs()).map(({ status }) => status).sort()).toEqual(["refused", "succeeded"]);
  });
});

it("P3 of two that collect the answers of pg_net at once, neither waits for the other", async () => {
  await database.sql`delete from ops.schedule_runs`;
  await database.sql`
    insert into ops.schedule_runs (schedule_name, started_at, status, request_id)
    values ('slow', now() - interval '1 day', 'running', 7)
  `;
  const collect = (sql: postgres.ISql): postgres.PendingQuery<postgres.Row[]> => sql`select ops.collect_http_answers() as count`;
  await database.sql.begin(async (first) => {
    expect(await collect(first)).toEqual([{ count: 1 }]);
    const other = connect();
    await other`set lock_timeout = '1s'`;
    expect(await collect(other)).toEqual([{ count: 0 }]);
  });
  expect(await runs()).toEqual([{ status: "failed", error: "The answer was lost: pg_net has none for this request." }]);
});
