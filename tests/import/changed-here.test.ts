import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { edgesOf, everything, openShop, SHOP_FILE as FILE, shopWithTask, tasksOf } from "./project.ts";
import { importTasks, writeInto } from "./workspace.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});

describe("O9 what was done here since", () => {
  it("O9 tasks and dependencies of one's own stay, and what the file does not change stays as it is here", async () => {
    const { tenant, folder, args } = await openShop(database);
    await importTasks(database, args);
    await database
      .sql`update public.tasks set status = 'in_progress' where tenant_id = ${tenant} and source_key = '2.2'`;
    await database.sql`
      with own as (
        insert into public.tasks (tenant_id, workflow_id, title)
        select tenant_id, id, 'Sweep' from public.workflows where tenant_id = ${tenant} returning *
      )
      insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
      select own.tenant_id, own.workflow_id, t.id, own.id from own, public.tasks as t
      where t.tenant_id = own.tenant_id and t.source_key = '3'
    `;
    await database.sql`
      delete from public.task_dependencies as d using public.tasks as t
      where d.tenant_id = ${tenant} and t.id = d.task_id and t.source_key = '2.2'
    `;
    writeInto(folder, FILE, shopWithTask(3, { title: "Open the doors" }));
    const report = await importTasks(database, args);
    expect(report.account.dependencies).toEqual({ read: 4, loaded: 3, merged: 0, refused: 0, removed_here: 1 });
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "3 > 2", "3 > 2.2", "3 > Sweep"]);
    expect(await tasksOf(database, tenant)).toContain("2.2 in_progress below 2");
  });

  it("O9 a dependency made here closes a circle with the file: refused, and nothing of it is kept", async () => {
    const { tenant, folder, args } = await openShop(database);
    await importTasks(database, args);
    await database.sql`
      insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
      select t.tenant_id, t.workflow_id, t.id, o.id from public.tasks as t, public.tasks as o
      where t.tenant_id = ${tenant} and t.source_key = '2.1' and o.tenant_id = ${tenant} and o.source_key = '1'
    `;
    writeInto(folder, FILE, shopWithTask(1, { title: "Draw", dependencies: ["2.1"] }));
    const before = await everything(database);
    const report = await importTasks(database, args);
    expect(report).toMatchObject({
      code: 1,
      files: [{ refusal: { code: "circle" }, account: { tasks: { read: 3, refused: 3 } } }],
    });
    expect(await everything(database)).toEqual(before);
  });

  it.each([["completed", "active"], ["cancelled", "planned"]])(
    "O9 a workflow that is %s takes no change, unless it is reopened",
    async (status, reopened) => {
      const { tenant, folder, args } = await openShop(database);
      await importTasks(database, args);
      await database.sql`
        select public.update_workflow_status(${tenant}, w.id, ${status})
        from public.workflows as w where w.tenant_id = ${tenant}
      `;
      expect((await importTasks(database, args)).unchanged).toBe(1);
      writeInto(folder, FILE, shopWithTask(1, { title: "Draw" }));
      expect(await importTasks(database, args)).toMatchObject({
        code: 1,
        files: [{ refusal: { code: "workflow_over" } }],
      });
      expect(await importTasks(database, [...args, "--reopen"])).toMatchObject({ code: 0, loaded: 1 });
      const [flow] = await database.sql`select status from public.workflows where tenant_id = ${tenant}`;
      expect(flow?.["status"]).toBe(reopened);
    },
  );

  it("O9 another project under the same source is refused", async () => {
    const { folder, args } = await openShop(database);
    await importTasks(database, args);
    const others = [1, 2, 3, 4, 5].map((id) => ({
      id,
      title: `Other ${id}`,
      status: "done",
      subtasks: [{ id: 1, title: `Part ${id}`, status: "done" }, { id: 2, title: "P", status: "done" }],
    }));
    writeInto(folder, FILE, { tasks: others });
    expect(await importTasks(database, args)).toMatchObject({
      code: 1,
      files: [{ refusal: { code: "another_project" } }],
    });
    expect((await importTasks(database, [...args, "--source", "other"])).loaded).toBe(1);
    expect((await importTasks(database, [...args, "--force"])).loaded).toBe(1);
  });
});
