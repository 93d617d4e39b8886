import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";

const TENANTS = 3;
const SCHEDULES = 20;
const LATCH = 47;
// 04:00 in Berlin, in the morning after clocks went forward, half a minute later.
const DUE = "2026-03-29T02:00:00.000Z";
const AT = "2026-03-29T02:00:30Z";
const NEXT = "2026-03-30T02:00:00.000Z";

const batchShape = z.tuple([z.object({ dispatched: z.number(), postponed: z.number() })]);
let database: TestDatabase;
const sessions = new Set<postgres.Sql>();

beforeEach(async () => {
  database = await createDatabase({ migrated: true });
  await database.sql.unsafe(`
    insert into public.tenants (id, name, slug)
    select md5('tenant ' || t)::uuid, 'Tenant', 'tenant-' || t from generate_series(1, ${TENANTS}) as t;
    insert into auth.users (id, email) values (md5('owner')::uuid, 'owner@tests.example');
    insert into public.memberships (tenant_id, user_id, role) select t.id, md5('owner')::uuid, 'owner' from public.tenants as t;
    insert into public.visual_test_flows (tenant_id, id, name)
    select md5('tenant ' || t)::uuid, md5('flow ' || t || ' ' || s)::uuid, 'Flow ' || s
    from generate_series(1, ${TENANTS}) as t, generate_series(1, ${SCHEDULES}) as s;
    alter table public.test_schedules disable trigger _300_keep_next_run;
    insert into public.test_schedules (tenant_id, flow_id, name, kind, cron, time_zone, next_run_at)
    select f.tenant_id, f.id, f.name, 'cron', '0 4 * * *', 'Europe/Berlin', '${DUE}' from public.visual_test_flows as f;
    alter table public.test_schedules enable trigger _300_keep_next_run;
    -- Who is called "halfway" stops in the middle of a batch.
    create function public.stop_halfway() returns trigger language plpgsql as $$
    begin
      if (select count(*) from public.scheduled_test_executions) >= 5 then
        perform pg_advisory_xact_lock(${LATCH});
      end if;
      return new;
    end
    $$;
    create trigger stop_halfway after insert on public.job_queue
      for each row when (current_setting('application_name') = 'halfway') execute function public.stop_halfway();
  `).simple();
});
afterEach(async () => {
  await Promise.all([...sessions].map((session) => session.end({ timeout: 1 })));
  sessions.clear();
});

function connect(name = "dispatcher"): postgres.Sql {
  const connection = { application_name: name };
  const session = postgres(database.url, { max: 1, onnotice: () => undefined, connection });
  sessions.add(session);
  return session;
}

const batch = (atMost: number): string => `select * from private.dispatch_test_schedules('${AT}', ${atMost})`;

/** Batch after batch, as the edge function does; returns how many runs it made. */
async function dispatchAll(session: postgres.Sql): Promise<number> {
  let sum = 0;
  for (;;) {
    const [{ dispatched, postponed }] = batchShape.parse([...await session.unsafe(batch(7))]);
    expect(postponed).toBe(0);
    if (dispatched === 0) return sum;
    sum += dispatched;
  }
}

/** What there is in the end: every due run once, its job once, every schedule at its next time. */
async function expectEachOnce(): Promise<void> {
  const [counts] = await database.sql`
    select
      (select count(*)::int from public.scheduled_test_executions as e where e.due_at = ${DUE}) as executions,
      (select count(distinct (e.tenant_id, e.schedule_id))::int from public.scheduled_test_executions as e) as schedules,
      (select count(*)::int from public.job_queue) as jobs,
      (select count(*)::int from public.scheduled_test_executions as e
        join public.job_queue as j on j.tenant_id = e.tenant_id and j.id = e.job_id
          and j.payload ->> 'execution_id' = e.id::text) as matching,
      (select count(*)::int from public.test_schedules as s where s.next_run_at = ${NEXT} and s.last_run_at = ${AT}) as moved
  `;
  const all = TENANTS * SCHEDULES;
  expect(counts).toEqual({ executions: all, schedules: all, jobs: all, matching: all, moved: all });
}

describe("five dispatchers at once", () => {
  it("T5 make each due run once, in any order", async () => {
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => dispatchAll(connect())));
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(TENANTS * SCHEDULES);
    await expectEachOnce();
  });

  it("T5 one of them terminated in the middle of its batch", async () => {
    const holder = connect();
    await holder`select pg_advisory_lock(${LATCH})`;
    const victim = connect("halfway").unsafe(batch(30)).execute();
    victim.catch(() => undefined);
    const pid = await waitFor("dispatcher that stopped halfway", async () => {
      const [row] = await database.sql<{ pid: number }[]>`
        select pid from pg_stat_activity
        where application_name = 'halfway' and datname = current_database() and wait_event = 'advisory'
      `;
      return row?.pid;
    });
    const others = await Promise.all([1, 2, 3, 4].map(() => dispatchAll(connect())));
    const before = others.reduce((sum, count) => sum + count, 0);
    await database.sql`select pg_terminate_backend(${pid}, 10000)`;
    await expect(victim).rejects.toThrow();
    const after = await dispatchAll(connect());
    expect(after, "what it held was passed over, and is dispatched by the next one").toBeGreaterThanOrEqual(5);
    expect(before + after).toBe(TENANTS * SCHEDULES);
    await expectEachOnce();
  });

  it("T5 one of them killed with its process before it commits", async () => {
    const script = `
      import postgres from "postgres";
      const sql = postgres(process.argv[1], { max: 1, connection: { application_name: "doomed" } });
      await sql.begin(async (transaction) => {
        await transaction.unsafe(process.argv[2]);
        console.log("claimed");
        await new Promise(() => setInterval(() => undefined, 1000));
      });
    `;
    const doomed = spawn(process.execPath, ["--input-type=module", "-e", script, database.url, batch(30)], {
      cwd: path.resolve(import.meta.dirname, "..", ".."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(doomed, "exit");
    try {
      await once(doomed.stdout, "data");
      const others = await Promise.all([1, 2, 3, 4].map(() => dispatchAll(connect())));
      expect(others.reduce((sum, count) => sum + count, 0)).toBe(TENANTS * SCHEDULES - 30);
    } finally {
      doomed.kill("SIGKILL");
      await ended;
    }
    await waitFor("end of the session of the killed process", async () => {
      const rows = await database.sql`
        select from pg_stat_activity where application_name = 'doomed' and datname = current_database()
      `;
      return rows.length === 0 || undefined;
    });
    expect(await dispatchAll(connect())).toBe(30);
    await expectEachOnce();
  });
});

describe("a flow that somebody is changing", () => {
  it("T5 holds up its own schedule only", async () => {
    const editor = await connect().reserve();
    await editor`begin`;
    await editor`select private.lock_test_flow(tenant_id, id) from public.visual_test_flows where name = 'Flow 1'`;
    const made = batchShape.parse([...await connect().unsafe(batch(500))]);
    expect(made).toMatchObject([{ dispatched: TENANTS * (SCHEDULES - 1), postponed: TENANTS }]);
    await editor`commit`;
    editor.release();
    expect(await dispatchAll(connect())).toBe(TENANTS);
    await expectEachOnce();
  });
});
