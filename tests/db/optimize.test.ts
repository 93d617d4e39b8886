import { expect, it } from "vitest";
import { z } from "zod";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { db } from "./run.ts";

const reportShape = z.object({
  steps: z.array(z.object({ name: z.string(), target: z.string(), status: z.string() })),
});

it.each(["quick", "full"])(
  "P6 optimize %s does every step, tells each on standard error, and ends with 0",
  async (mode) => {
    const { url, sql } = await createDatabase({ migrated: true });
    const { code, out, err } = await db(["optimize", mode, "--db-url", url]);
    expect(code, err).toBe(0);
    expect(out).toMatch(new RegExp(`: ${mode} maintenance succeeded, \\d+ steps\\.$`));
    expect(err).toMatch(/^ {2}succeeded {2}refresh_view monthly_usage_summary, \d+\.\d\d s, 0 rows$/m);
    const runs = await sql`select mode, status from ops.maintenance_runs`;
    expect(runs).toEqual([{ mode, status: "succeeded" }]);
  },
);

it("P6 a step that fails ends optimize with 1, and the others are done", async () => {
  const { url, sql } = await createDatabase({ migrated: true });
  await sql.unsafe(`
    create table private.divisor (value integer);
    create materialized view private.a_broken_view as select 1 / value as share from private.divisor;
    insert into private.divisor values (0);
  `).simple();
  const { code, out, err } = await db(["optimize", "quick", "--db-url", url, "--json"]);
  expect(code, err).toBe(1);
  const { steps } = reportShape.parse(JSON.parse(out));
  const statuses = Object.fromEntries(steps.map(({ name, target, status }) => [`${name} ${target}`, status]));
  expect(statuses).toMatchObject({
    "refresh_view a_broken_view": "failed",
    "refresh_view monthly_usage_summary": "succeeded",
  });
  expect(steps.filter(({ status }) => status !== "succeeded")).toHaveLength(1);
  expect(err).toMatch(/failed {2}refresh_view a_broken_view, .*division by zero/);
});

it("P6 at Ctrl-C the step at work is cancelled, the others are left out, and the run is closed and recorded", async () => {
  const { url, sql } = await createDatabase({ migrated: true });
  const stopping = new AbortController();
  await sql.unsafe("begin; lock table public.invitations in access exclusive mode").simple();
  const running = db(["optimize", "quick", "--db-url", url], { signal: stopping.signal });
  await waitFor("a step that waits", async () => {
    const rows = await sql`
      select from pg_locks as l join pg_stat_activity as a on a.pid = l.pid
      where not l.granted and a.application_name = 'rowhouse db' and a.datname = current_database()
    `;
    return rows.length > 0 ? true : undefined;
  });
  stopping.abort();
  const { code, out, err } = await running;
  await sql`rollback`;
  expect([code, out]).toEqual([130, ""]);
  expect(err).toMatch(/\n {2}failed {2}clean_up public\.invitations, .* canceling statement due to user request\n/);
  expect(err).toMatch(/\nStopped\. .*: quick maintenance partial, \d+ steps, \d+ not done\.$/);
  const steps = await sql`select distinct status, error_code from ops.maintenance_steps order by status`;
  expect(steps).toEqual([
    { status: "failed", error_code: "57014" },
    { status: "skipped", error_code: null },
    { status: "succeeded", error_code: null },
  ]);
  expect(await sql`select status from ops.maintenance_runs`).toEqual([{ status: "partial" }]);
});
