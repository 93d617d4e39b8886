import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createRowhouseClient, inTenant } from "../../client/core/create-rowhouse-client.ts";
import { orThrow } from "../../client/core/result.ts";
import { listTenantAlerts } from "../../client/orchestration/alerts.ts";
import { listComponents } from "../../client/orchestration/components.ts";
import { searchKnowledge } from "../../client/orchestration/knowledge-search.ts";
import { nextTasks } from "../../client/orchestration/task-status.ts";
import { listWorkflows } from "../../client/orchestration/workflows.ts";
import { signIn } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";

const sql = openSql();
const file = path.resolve(import.meta.dirname, "../../supabase/seeds/40_orchestration.sql");

it("X3 O2 the seeds of orchestration may run again and change nothing", async () => {
  const count = () =>
    sql`
    select
      (select count(*) from public.workflows as w where w.tenant_id = t.id) as workflows,
      (select count(*) from public.tasks as k where k.tenant_id = t.id) as tasks,
      (select count(*) from public.components as c where c.tenant_id = t.id) as components,
      (select count(*) from public.events as e where e.tenant_id = t.id) as events,
      (select count(*) from public.performance_metrics as m where m.tenant_id = t.id) as metrics,
      (select count(*) from public.knowledge_base as a where a.tenant_id = t.id) as articles
    from public.tenants as t where t.slug in ('acme', 'lakeside', 'brightside') order by t.slug
  `;
  const before = await count();
  expect(before.map(({ workflows, tasks, components }) => [workflows, tasks, components].map(Number)))
    .toEqual([[3, 22, 4], [3, 22, 4], [3, 22, 4]]);
  await sql.begin((transaction) => transaction.unsafe(readFileSync(file, "utf8")));
  expect(await count()).toEqual(before);
});

it("X3 O7 a viewer of a demo tenant is shown work, components, articles, and alerts that were found", async () => {
  const { api_url, publishable_key } = readStack();
  const viewer = await signIn("viewer@acme.test");
  const client = createRowhouseClient(api_url, publishable_key, { accessToken: () => Promise.resolve(viewer.token) });
  const [acme, lakeside] = (await sql`select id from public.tenants where slug in ('acme', 'lakeside') order by slug`)
    .map(({ id }) => inTenant(client, id));
  if (acme === undefined || lakeside === undefined) throw new Error("The demo tenants are not there.");
  const [workflow] = (await orThrow(listWorkflows(acme, { status: "active" }))).rows;
  expect(workflow).toMatchObject({ name: "Release 2.4", tasks_total: 15, tasks_done: 2 });
  const ready = await orThrow(nextTasks(acme, { workflow_id: workflow?.id ?? "" }));
  expect(ready.map(({ title }) => title)).toEqual(["Layout of the tables", "Page numbers"]);
  expect((await orThrow(listComponents(acme, { type: "agent" }))).rows[0]?.credentials_set_at).not.toBeNull();
  expect((await orThrow(searchKnowledge(acme, { query: "roll back" }))).map(({ language }) => language)).toEqual([
    "english",
  ]);
  expect((await orThrow(searchKnowledge(acme, { query: "versions" }))).map(({ language }) => language)).toContain(
    "french",
  );
  expect((await orThrow(listTenantAlerts(acme))).rows.map(({ kind }) => kind).sort()).toEqual(["drift", "spike"]);
  expect((await orThrow(listWorkflows(lakeside))).rows).toEqual([]);
  expect((await orThrow(listTenantAlerts(lakeside))).rows).toEqual([]);
});
