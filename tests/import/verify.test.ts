import { beforeAll, beforeEach, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { everything, SHOP, shopWithTask } from "./project.ts";
import { importTasks, makeFolder, makeTenant, run, verifyTasks, writeInto } from "./workspace.ts";

let database: TestDatabase;
let count = 0;
let tenant: string;
let folder: string;
let args: readonly string[];

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});
beforeEach(async () => {
  const slug = `verify-${(count += 1)}`;
  tenant = await makeTenant(database, slug);
  folder = makeFolder({ "tasks.json": SHOP });
  args = [folder, "--tenant", slug];
});

async function differences(): Promise<readonly unknown[]> {
  const report = await verifyTasks(database, args);
  expect(report.code).toBe(report.same ? 0 : 1);
  return report.files.flatMap((file) => file.tags.flatMap((tag) => tag.differences));
}

it("O9 what was never imported is missing", async () => {
  expect(await differences()).toMatchObject([{ kind: "workflow_missing" }]);
});

it.each<[string, string, readonly object[]]>([
  ["a task is gone", "delete from public.tasks where tenant_id = $1 and source_key = '3'", [
    { kind: "task_missing", key: "3" },
    { kind: "dependency_missing", key: "3", on_key: "2" },
    { kind: "dependency_missing", key: "3", on_key: "2.2" },
  ]],
  ["a title", "update public.tasks set title = 'Other' where tenant_id = $1 and source_key = '2.1'", [
    { kind: "task_differs", key: "2.1", fields: ["title"] },
  ]],
  [
    "a status and a note",
    "update public.tasks set status = 'done', details = 'x' where tenant_id = $1 and source_key = '3'",
    [
      { kind: "task_differs", key: "3", fields: ["details", "status"] },
    ],
  ],
  ["a parent", "update public.tasks set parent_id = null where tenant_id = $1 and source_key = '2.1'", [
    { kind: "task_differs", key: "2.1", fields: ["parent"] },
  ]],
  ["metadata", `update public.tasks set metadata = '{"a": 1}' where tenant_id = $1 and source_key = '1'`, [
    { kind: "task_differs", key: "1", fields: ["metadata"] },
  ]],
  ["a hash", "update public.tasks set source_hash = 'x' where tenant_id = $1 and source_key = '1'", [
    { kind: "task_differs", key: "1", fields: ["source_hash"] },
  ]],
  ["the key of a task", "update public.tasks set source_key = '9' where tenant_id = $1 and source_key = '1'", [
    { kind: "task_missing", key: "1" },
    { kind: "task_unexpected", key: "9" },
    { kind: "dependency_missing", key: "2", on_key: "1" },
    { kind: "dependency_unexpected", key: "2", on_key: "9" },
  ]],
  ["the name of a workflow", "update public.workflows set name = 'Other' where tenant_id = $1", [
    { kind: "workflow_differs", fields: ["name"] },
  ]],
  [
    "dependencies",
    `delete from public.task_dependencies as d using public.tasks as t
      where d.tenant_id = $1 and t.id = d.task_id and t.source_key = '3'`,
    [
      { kind: "dependency_missing", key: "3", on_key: "2" },
      { kind: "dependency_missing", key: "3", on_key: "2.2" },
    ],
  ],
  [
    "a dependency more",
    `insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
    select t.tenant_id, t.workflow_id, t.id, o.id from public.tasks as t, public.tasks as o
    where t.tenant_id = $1 and t.source_key = '3' and o.tenant_id = $1 and o.source_key = '1'`,
    [
      { kind: "dependency_unexpected", key: "3", on_key: "1" },
    ],
  ],
])("O9 it finds what was changed here: %s", async (_case, statement, expected) => {
  await importTasks(database, args);
  expect(await differences()).toEqual([]);
  await database.sql.unsafe(statement, [tenant]);
  expect(await differences()).toMatchObject(expected);
});

it("O9 it finds what was changed in the file, changes nothing, and tells people", async () => {
  await importTasks(database, args);
  const before = await everything(database);
  writeInto(folder, "tasks.json", shopWithTask(3, { title: "Close" }));
  expect(await differences()).toMatchObject([{ kind: "task_differs", key: "3", fields: ["title", "source_hash"] }]);
  const { code, out } = await run(database, ["verify", ...args]);
  expect(code).toBe(1);
  expect(out).toContain("master: task_differs 3 (title, source_hash)");
  expect(out).toMatch(/3 tasks, 2 subtasks and 4 dependencies compared: 1 differences\.$/);
  expect(await everything(database)).toEqual(before);
});

it("O9 tasks of one's own are none of its business", async () => {
  await importTasks(database, args);
  await database.sql`
    insert into public.tasks (tenant_id, workflow_id, title)
    select tenant_id, id, 'Own' from public.workflows where tenant_id = ${tenant}
  `;
  expect(await differences()).toEqual([]);
});
