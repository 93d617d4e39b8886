import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { execute } from "../../scripts/stack/scheduler/execute.ts";
import { type RunningScheduler, startScheduler } from "../../scripts/stack/scheduler/scheduler.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";

const runShape = z.object({ schedule_name: z.string(), status: z.string() });
let database: TestDatabase;
let scheduler: RunningScheduler | undefined;

beforeEach(async () => {
  database = await createDatabase({ migrated: true });
  await database.sql`update ops.schedules set is_enabled = false`;
});
afterEach(async () => {
  await scheduler?.stop();
  scheduler = undefined;
  await database.drop();
});

function start(): void {
  scheduler = startScheduler({
    dbUrl: database.url,
    functionsUrl: "http://127.0.0.1:9",
    functionsSecret: "unused",
    log: () => undefined,
  });
}

async function add(
  name: string,
  cron: string,
  lastRun: string | null = null,
  target = "select 1",
): Promise<void> {
  await database.sql`
    insert into ops.schedules (name, description, cron, kind, target) values (${name}, 'Of a test.', ${cron}, 'sql', ${target})
  `;
  if (lastRun === null) return;
  await database.sql`
    insert into ops.schedule_runs (schedule_name, started_at, finished_at, status)
    values (${name}, now() - ${lastRun}::interval, now(), 'succeeded')
  `;
}

/** What the scheduler itself ran. */
async function runs(): Promise<string[]> {
  const rows = await database.sql`
    select schedule_name, status from ops.schedule_runs where started_at > now() - interval '1 hour' order by started_at
  `;
  return rows.map((row) => runShape.parse(row)).map(({ schedule_name, status }) => `${schedule_name} ${status}`);
}

const ranBy = (what: string) => waitFor(what, async () => (await runs()).includes(what) || undefined);

describe("the local scheduler", () => {
  it("P3 runs once what was missed while it was away", async () => {
    await add("yearly", "0 0 1 1 *", "3 years");
    await add("not-due", "0 0 1 1 *");
    start();
    await ranBy("yearly succeeded");
    // A run that somebody asks for shows that the scheduler has looked again since.
    await database.sql`select ops.run_schedule_now('not-due')`;
    await ranBy("not-due succeeded");
    expect(await runs()).toEqual(["yearly succeeded", "not-due succeeded"]);
  });

  it("P3 takes a new and a changed row without a restart", async () => {
    await add("probe", "0 0 1 1 *");
    await add("moved", "0 0 30 2 *", "3 years");
    await add("off", "0 0 1 1 *", "3 years");
    await database.sql`update ops.schedules set is_enabled = false where name = 'off'`;
    start();
    await database.sql`select ops.run_schedule_now('probe')`;
    await ranBy("probe succeeded");
    expect(await runs()).toEqual(["probe succeeded"]);
    await database.sql`update ops.schedules set cron = '0 0 1 1 *' where name = 'moved'`;
    await ranBy("moved succeeded");
    await database.sql`update ops.schedules set is_enabled = true where name = 'off'`;
    await ranBy("off succeeded");
    await add("new", "0 0 1 1 *", "3 years");
    await ranBy("new succeeded");
  });

  it("P3 runs many that are due at once, and ends each when it stops", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): number => warnings.push(warning);
    process.on("warning", listen);
    const names = Array.from({ length: 15 }, (_, index) => `many-${String(index).padStart(2, "0")}`);
    for (const name of names) await add(name, "0 0 1 1 *", "3 years", "select pg_sleep(600)");
    start();
    await waitFor("all at work", async () => {
      const atWork = await database.sql`
        select from pg_catalog.pg_stat_activity
        where datname = current_database() and application_name like 'rowhouse-schedule many-%' and state = 'active'
      `;
      return atWork.length === names.length || undefined;
    });
    await scheduler?.stop();
    process.off("warning", listen);
    expect(warnings).toEqual([]);
    expect((await runs()).toSorted()).toEqual(names.map((name) => `${name} failed`));
  });

  it("P3 begins nothing any more once it stops", async () => {
    await database.sql`create table public.traces (what text)`;
    const run = (signal: AbortSignal) =>
      execute(
        {
          name: "late",
          kind: "sql",
          target: "insert into public.traces values ('ran')",
          body: null,
          timeout_seconds: 5,
        },
        { dbUrl: database.url, functionsUrl: "http://127.0.0.1:9", functionsSecret: "unused", signal },
      );
    expect(await run(AbortSignal.abort())).toMatchObject({
      status: "failed",
      error: "The stack was stopped while this was running.",
    });
    expect(await database.sql`select from public.traces`).toHaveLength(0);
    expect(await run(new AbortController().signal)).toMatchObject({ status: "succeeded" });
    expect(await database.sql`select from public.traces`).toHaveLength(1);
  });

  it("P3 stays idle while pg_cron runs the schedules, and leaves its runs alone", async () => {
    await add("missed", "0 0 1 1 *", "3 years");
    await add("goes-on", "0 0 1 1 *");
    await database.sql`insert into ops.schedule_runs (schedule_name) values ('goes-on')`;
    await database.sql.unsafe(`
      create sequence ops.asked;
      create or replace function ops.scheduler() returns text language sql volatile set search_path = ''
        begin atomic; select nextval('ops.asked'::regclass); select 'pg_cron'; end`).simple();
    start();
    await waitFor("third question", async () => {
      const [row] = await database.sql<{ last_value: string }[]>`select last_value from ops.asked`;
      return Number(row?.last_value) >= 3 || undefined;
    });
    expect(await runs()).toEqual(["goes-on running"]);
    await database.sql.unsafe(`
      create or replace function ops.scheduler() returns text language sql stable set search_path = '' return 'external'`);
    await ranBy("missed succeeded");
  });
});
