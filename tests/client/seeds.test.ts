import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createRowhouseClient, inTenant } from "../../client/core/create-rowhouse-client.ts";
import { orThrow } from "../../client/core/result.ts";
import {
  readAiGenerationPerformance,
  readBrowserSessionStats,
  readJobQueuePerformance,
  readTestExecutionTrends,
} from "../../client/testing/performance.ts";
import { signIn } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";

const sql = openSql();
const file = path.resolve(import.meta.dirname, "../../supabase/seeds/30_testing.sql");

it("X3 T4 the seeds may run again and change nothing; no schedule of theirs is due within a month", async () => {
  const count = () => sql`
    select
      (select count(*) from public.visual_test_flows as f where f.tenant_id = t.id) as flows,
      (select count(*) from public.scheduled_test_executions as e where e.tenant_id = t.id) as executions,
      (select count(*) from public.finished_jobs as j where j.tenant_id = t.id) as jobs
    from public.tenants as t where t.slug in ('acme', 'lakeside', 'brightside') order by t.slug
  `;
  const before = await count();
  expect(before.map(({ flows }) => Number(flows))).toEqual([4, 4, 4]);
  await sql.begin((transaction) => transaction.unsafe(readFileSync(file, "utf8")));
  expect(await count()).toEqual(before);
  expect(await sql`
    select s.name from public.test_schedules as s join public.tenants as t on t.id = s.tenant_id
    where t.slug in ('acme', 'lakeside', 'brightside') and s.next_run_at < now() + interval '30 days'
  `).toEqual([]);
});

it("T7 X5 a viewer reads the summaries of their tenant through the client, and of no other", async () => {
  const { api_url, publishable_key } = readStack();
  const viewer = await signIn("viewer@acme.test");
  const client = createRowhouseClient(api_url, publishable_key, { accessToken: () => Promise.resolve(viewer.token) });
  const [acme, lakeside] = await sql`
    select id from public.tenants where slug in ('acme', 'lakeside') order by slug
  `;
  const since = new Date(Date.now() - 50 * 86_400_000).toISOString();
  const until = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const reads = [readAiGenerationPerformance, readBrowserSessionStats, readJobQueuePerformance, readTestExecutionTrends];
  for (const read of reads) {
    expect((await orThrow<readonly unknown[]>(read(inTenant(client, acme?.id), { since }))).length).toBeGreaterThan(0);
    expect(await orThrow<readonly unknown[]>(read(inTenant(client, lakeside?.id), { since }))).toEqual([]);
    const { error } = await read(inTenant(client, acme?.id), { since: "last week" });
    expect(error?.code).toBe("invalid_input");
  }
  const trends = await orThrow(readTestExecutionTrends(inTenant(client, acme?.id), { since, until }));
  expect(trends.map(({ day }) => day).filter((day) => day === null || day >= until.slice(0, 10))).toEqual([]);
});
