import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { mintToken } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { waitFor } from "../helpers/wait.ts";

const sql = openSql();
const { functions_url, functions_secret, publishable_key, secret_key } = readStack();

const reportShape = z.object({
  error: z.object({ code: z.string(), message: z.string(), request_id: z.string() }).optional(),
  refreshed: z.array(
    z.strictObject({ view: z.string(), rows: z.number(), duration_ms: z.number(), concurrent: z.boolean() }),
  ),
  failed: z.array(z.strictObject({ view: z.string(), code: z.string(), message: z.string() })),
});
const refusalShape = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    request_id: z.string(),
    issues: z
      .array(z.strictObject({ code: z.string(), path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
      .optional(),
  }),
});

interface Call {
  readonly method?: string;
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  /** Sent as it is when text, as JSON otherwise. */
  readonly body?: unknown;
}

async function openRuns(schedule: string): Promise<number> {
  const rows = await sql`select from ops.schedule_runs where schedule_name = ${schedule} and status = 'running'`;
  return rows.length;
}

/** Calls the function with the secret unless told otherwise; no answer may tell of its inside. */
async function call({ method = "POST", authorization, headers, query = "", body }: Call = {}) {
  const bearer = authorization === undefined ? `Bearer ${functions_secret}` : authorization;
  const response = await fetch(`${functions_url}/refresh-views${query}`, {
    method,
    headers: {
      ...(bearer === null ? {} : { authorization: bearer }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(text).not.toMatch(/\n\s+at |\.ts\b|file:|node_modules|select |ops\.refresh/i);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const json: unknown = JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
}

async function callForReport(body?: unknown) {
  const { status, json } = await call({ body });
  return { status, ...reportShape.parse(json) };
}

async function viewNames(): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`select l.name from ops.list_materialized_views() as l`;
  return rows.map(({ name }) => name);
}

function recordsOf(view: string) {
  return sql<{ row_count: string | null; duration_ms: string; error_code: string | null; error: string | null }[]>`
    select r.row_count, r.duration_ms, r.error_code, r.error
    from ops.view_refreshes as r
    where r.view_name = ${view}
    order by r.started_at desc
  `;
}

describe("refresh-views refuses", () => {
  it("P3: every caller without the secret as bearer, with one and the same answer", async () => {
    const user = await mintToken({ sub: randomUUID() });
    const wrong: Call[] = [
      { authorization: null },
      { authorization: null, headers: { apikey: functions_secret } },
      { authorization: null, query: `?secret=${functions_secret}` },
      { authorization: functions_secret },
      { authorization: `Basic ${functions_secret}` },
      ...["wrong", functions_secret.slice(0, -1), `${functions_secret}x`, publishable_key, secret_key, user].map(
        (token) => ({ authorization: `Bearer ${token}` }),
      ),
    ];
    const messages = new Set<string>();
    for (const attempt of wrong) {
      const { status, headers, json } = await call(attempt);
      expect(status, JSON.stringify(attempt)).toBe(401);
      expect(headers.get("www-authenticate")).toBe('Bearer realm="functions"');
      const { error } = refusalShape.parse(json);
      messages.add(`${error.code}: ${error.message}`);
    }
    expect([...messages]).toEqual(["unauthorized: This needs the functions' secret as bearer."]);
  });

  it("P3: other methods than POST", async () => {
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
      const { status, headers, json } = await call({ method });
      expect(status, method).toBe(405);
      expect(headers.get("allow")).toBe("POST");
      expect(refusalShape.parse(json).error.code).toBe("method_not_allowed");
    }
  });

  it("P3: a bad body, saying what is wrong where", async () => {
    const bodies: [unknown, string, unknown[]][] = [
      ["{", "invalid_json", []],
      [{ view: "x" }, "unrecognized_keys", []],
      [{ views: [] }, "too_small", ["views"]],
      [{ views: ["message_feedback_summary", "x; drop table y"] }, "invalid_format", ["views", 1]],
      [{ views: ["message_feedback_summary", "no_such_view"] }, "unknown_view", ["views", 1]],
    ];
    const before = await recordsOf("message_feedback_summary");
    for (const [body, code, path] of bodies) {
      const { status, json } = await call({ body });
      expect(status, JSON.stringify(body)).toBe(422);
      expect(refusalShape.parse(json).error.issues?.[0]).toMatchObject({ code, path });
    }
    expect(await recordsOf("message_feedback_summary")).toHaveLength(before.length);
  });

  it("P3: a body above 64 kB or of another type", async () => {
    const { status: large, json } = await call({ body: " ".repeat(65_537) });
    expect([large, refusalShape.parse(json).error.code]).toEqual([413, "body_too_large"]);
    const { status } = await call({ body: "{}", headers: { "content-type": "text/plain" } });
    expect(status).toBe(415);
  });
});

describe("refresh-views refreshes", () => {
  // Every quarter of an hour the schedule would refresh the broken and slow views of these tests as well.
  beforeAll(async () => {
    await sql`update ops.schedules set is_enabled = false where name = 'refresh-views'`;
    await waitFor("end of the run in progress", async () => (await openRuns("refresh-views")) === 0 || undefined);
  });
  afterAll(async () => {
    await sql`update ops.schedules set is_enabled = true where name = 'refresh-views'`;
  });
  afterEach(async () => {
    await sql`drop materialized view if exists private.test_broken, private.test_slow`;
    await sql`drop table if exists private.test_pause`;
    await sql`delete from ops.view_refreshes where view_name in ('test_broken', 'test_slow')`;
  });

  it("P2: every view, and records rows and duration of each", async () => {
    const { status, refreshed, failed } = await callForReport();
    expect([status, failed]).toEqual([200, []]);
    const names = await viewNames();
    expect(names.length).toBeGreaterThan(0);
    expect(refreshed.map(({ view }) => view).sort()).toEqual(names);
    for (const { view, rows, duration_ms } of refreshed) {
      const [last] = await recordsOf(view);
      expect([Number(last?.row_count), Number(last?.duration_ms)]).toEqual([rows, duration_ms]);
    }
  });

  it("P2: first what was refreshed longest ago", async () => {
    const names = await viewNames();
    for (const name of names) await callForReport({ views: [name] });
    const first = names[0] ?? "";
    await callForReport({ views: [first] });
    const { refreshed } = await callForReport();
    expect(refreshed.map(({ view }) => view)).toEqual([...names.slice(1), first]);
  });

  it("P2: the others when one fails, and reports and records that one", async () => {
    await sql`create materialized view private.test_broken as select 1 / 0 as broken with no data`;
    const { status, error, refreshed, failed } = await callForReport();
    expect([status, error?.code, error?.message]).toEqual([500, "some_views_failed", "Not refreshed: test_broken."]);
    expect(failed).toEqual([{ view: "test_broken", code: "22012", message: "division by zero" }]);
    const names = (await viewNames()).filter((name) => name !== "test_broken");
    expect(refreshed.map(({ view }) => view).sort()).toEqual(names);
    expect(await recordsOf("test_broken")).toMatchObject([{ row_count: null, error_code: "22012", error: "division by zero" }]);
  });

  it("P2: the others when one is cancelled, and reports and records that one", async () => {
    await createSlowView();
    const report = callForReport();
    await sql`select pg_cancel_backend(${await sleepingBackend()})`;
    const { status, refreshed, failed } = await report;
    expect(status).toBe(500);
    expect(failed).toMatchObject([{ view: "test_slow", code: "57014" }]);
    expect(refreshed.length).toBe((await viewNames()).length - 1);
    expect(await recordsOf("test_slow")).toMatchObject([{ error_code: "57014", error: failed[0]?.message }]);
  });

  it("P2: the others when one loses its connection, and reports and records that one", async () => {
    await createSlowView();
    const report = callForReport();
    await sql`select pg_terminate_backend(${await sleepingBackend()})`;
    const { status, refreshed, failed } = await report;
    expect(status).toBe(500);
    expect(failed).toMatchObject([{ view: "test_slow", code: "57P01" }]);
    expect(refreshed.length).toBe((await viewNames()).length - 1);
    expect(await recordsOf("test_slow")).toMatchObject([{ error_code: "57P01", error: failed[0]?.message }]);
  });

  it("P2: a view that stays readable meanwhile; a second call gives up on its lock and says so", async () => {
    await createSlowView();
    const first = callForReport({ views: ["test_slow"] });
    const pid = await sleepingBackend();
    expect(await sql`select s.id from private.test_slow as s`).toHaveLength(1);
    const second = await callForReport({ views: ["test_slow"] });
    expect(second.status).toBe(500);
    expect(second.failed).toMatchObject([{ view: "test_slow", code: "55P03" }]);
    expect(second.failed[0]?.message).toMatch(/another refresh, held it for 5 s/);
    expect(await sleepingBackend()).toBe(pid);
    await sql`select pg_cancel_backend(${pid})`;
    expect((await first).status).toBe(500);
  });

  it("P2: everything for two callers at once, and keeps no connection", async () => {
    const reports = await Promise.all([callForReport(), callForReport()]);
    expect(reports.map(({ status }) => status)).toEqual([200, 200]);
    await expect.poll(connectionCount).toBe(0);
  });

  /** A filled view whose next refresh sleeps for a minute. */
  async function createSlowView(): Promise<void> {
    await sql`create table private.test_pause (id int, seconds int)`;
    await sql`insert into private.test_pause values (1, 0)`;
    await sql`
      create materialized view private.test_slow as
      select p.id, pg_sleep(p.seconds)::text as slept from private.test_pause as p
    `;
    await sql`create unique index on private.test_slow (id)`;
    await sql`update private.test_pause set seconds = 60`;
  }

  async function connectionCount(): Promise<number> {
    const rows = await sql`
      select from pg_stat_activity as a
      where a.application_name = 'rowhouse refresh-views' and a.datname = current_database()
    `;
    return rows.length;
  }

  function sleepingBackend(): Promise<number> {
    return vi.waitFor(async () => {
      const [row] = await sql<{ pid: number }[]>`
        select a.pid
        from pg_stat_activity as a
        where a.application_name = 'rowhouse refresh-views' and a.wait_event = 'PgSleep' and a.datname = current_database()
      `;
      if (row === undefined) throw new Error("No refresh sleeps.");
      return row.pid;
    }, { timeout: 60_000, interval: 20 });
  }
});

describe("the scheduler", () => {
  const mine: string[] = [];

  afterEach(async () => {
    await sql`delete from ops.schedules where name = any (${mine.splice(0)})`;
  });

  it("P3: calls refresh-views when it is due and records how it went", async () => {
    // As if its last run had been an hour ago.
    await sql`
      update ops.schedule_runs
      set started_at = started_at - interval '1 hour', finished_at = finished_at - interval '1 hour'
      where schedule_name = 'refresh-views' and status <> 'running'
    `;
    await sql`
      insert into ops.schedule_runs (schedule_name, started_at, finished_at, status)
      values ('refresh-views', now() - interval '1 hour', now() - interval '1 hour', 'succeeded')
    `;
    const run = await nextRun("refresh-views");
    expect(run).toMatchObject({ status: "succeeded", http_status: 200, error: null });
    expect(reportShape.parse(run.result).refreshed.map(({ view }) => view).sort()).toEqual(await viewNames());
  });

  it("P3: takes a schedule that is enabled, and one whose cron changed, without a restart", async () => {
    const later = await schedule({ cron: "0 0 1 1 *" });
    const disabled = await schedule({ is_enabled: false });
    // It came last and is due: once it ran, the scheduler has passed the other two over.
    await nextRun(await schedule({}));
    expect(await runsOf(later)).toEqual([]);
    expect(await runsOf(disabled)).toEqual([]);
    await sql`update ops.schedules set cron = '* * * * *' where name = ${later}`;
    await sql`update ops.schedules set is_enabled = true where name = ${disabled}`;
    expect(await nextRun(later)).toMatchObject({ status: "succeeded" });
    expect(await nextRun(disabled)).toMatchObject({ status: "succeeded" });
  });

  it("P3: stops a schedule that is disabled while it is due every minute", async () => {
    const name = await schedule({});
    await nextRun(name);
    await sql`update ops.schedules set is_enabled = false where name = ${name}`;
    await sql`
      update ops.schedule_runs
      set started_at = started_at - interval '1 hour', finished_at = finished_at - interval '1 hour'
      where schedule_name = ${name}
    `;
    await nextRun(await schedule({}));
    expect(await runsOf(name)).toEqual([]);
  });

  it("P3: records why a run failed, with the HTTP status of a function", async () => {
    const refused = await nextRun(await schedule({ body: { views: ["no_such_view"] } }));
    expect(refused).toMatchObject({ status: "failed", http_status: 422 });
    expect(refused.error).toMatch(/^HTTP 422: .*unknown_view/);
    const absent = await nextRun(await schedule({ target: "no-such-function" }));
    expect(absent).toMatchObject({ status: "failed", http_status: 404 });
    const statement = await nextRun(await schedule({ kind: "sql", target: "select 1 / 0" }));
    expect(statement).toMatchObject({ status: "failed", http_status: null, error: "division by zero" });
  });

  it("P3: runs a schedule again whose last run was left open by a killed stack", async () => {
    const name = await schedule({});
    await nextRun(name);
    await sql`
      update ops.schedule_runs
      set status = 'running', finished_at = null, started_at = now() - interval '1 hour'
      where schedule_name = ${name}
    `;
    expect(await nextRun(name)).toMatchObject({ status: "succeeded" });
  });

  interface NewSchedule {
    readonly cron?: string;
    readonly is_enabled?: boolean;
    readonly kind?: "function" | "sql";
    readonly target?: string;
    readonly body?: { views: string[] };
  }

  /** A schedule of the test, an hour old: due at once unless its cron says otherwise. */
  async function schedule(given: NewSchedule): Promise<string> {
    const name = `test-${randomUUID()}`;
    const { cron = "* * * * *", is_enabled = true, kind = "function", target = "refresh-views", body = {} } = given;
    mine.push(name);
    await sql`
      insert into ops.schedules (name, description, cron, kind, target, body, is_enabled, created_at)
      values (
        ${name}, 'Made by a test.', ${cron}, ${kind}, ${target}, ${JSON.stringify(body)}::text::jsonb, ${is_enabled},
        now() - interval '1 hour'
      )
    `;
    return name;
  }

  /** Waits until a run of the last half hour has ended. */
  function nextRun(name: string) {
    return vi.waitFor(async () => {
      const ended = (await runsOf(name)).find(({ status }) => status !== "running");
      if (ended === undefined) throw new Error(`${name} has not run.`);
      return ended;
    }, { timeout: 60_000, interval: 50 });
  }

  function runsOf(name: string) {
    return sql<{ status: string; http_status: number | null; error: string | null; result: unknown }[]>`
      select r.status, r.http_status, r.error, r.result
      from ops.schedule_runs as r
      where r.schedule_name = ${name} and r.started_at > now() - interval '30 minutes'
    `;
  }
});
