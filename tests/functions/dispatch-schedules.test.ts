import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { type FunctionsHost, serveFunctions } from "../helpers/functions-host.ts";

describe("dispatch-schedules", () => {
  let database: TestDatabase;
  let functions: FunctionsHost;

  beforeAll(async () => {
    database = await createDatabase({ migrated: true });
    functions = await serveFunctions(database.url);
    // One more than a batch holds.
    await database.sql.unsafe(`
      insert into public.tenants (id, name, slug) values (md5('t')::uuid, 'Tenant', 'tenant');
      insert into auth.users (id, email) values (md5('owner')::uuid, 'owner@tests.example');
      insert into public.memberships (tenant_id, user_id, role) values (md5('t')::uuid, md5('owner')::uuid, 'owner');
      insert into public.visual_test_flows (tenant_id, id, name) values (md5('t')::uuid, md5('f')::uuid, 'Flow');
      insert into public.test_schedules (tenant_id, flow_id, name, kind, every)
      select md5('t')::uuid, md5('f')::uuid, 'Schedule ' || n, 'interval', '1 day' from generate_series(1, 501) as n;
    `).simple();
  });

  const nothing = { dispatched: 0, skipped: 0, failed: 0, postponed: 0, has_more: false };
  const executions = () => database.sql`select from public.scheduled_test_executions`;

  it("P3: refuses who lacks the secret, and dispatches nothing", async () => {
    await database.sql`update public.test_schedules set next_run_at = now()`;
    expect(await functions.call("dispatch-schedules", "another-secret-of-thirty-two-characters")).toMatchObject({ status: 401 });
    expect(await executions()).toHaveLength(0);
  });

  it("T5: makes all due runs, batch after batch, and the next call finds none", async () => {
    expect(await functions.call("dispatch-schedules")).toEqual({
      status: 200,
      json: { ...nothing, batches: 2, dispatched: 501 },
    });
    expect(await executions()).toHaveLength(501);
    expect(await functions.call("dispatch-schedules")).toEqual({ status: 200, json: { ...nothing, batches: 1 } });
  });

  it("T5: a schedule that fails is no failure of the function", async () => {
    await database.sql`update public.visual_test_flows set is_archived = true`;
    await database.sql`update public.test_schedules set next_run_at = now() where name = 'Schedule 1'`;
    expect(await functions.call("dispatch-schedules")).toEqual({ status: 200, json: { ...nothing, batches: 1, failed: 1 } });
    const [row] = await database.sql`select last_error from public.test_schedules where name = 'Schedule 1'`;
    expect(row).toEqual({ last_error: "The flow is archived. (PT409)" });
  });
});
