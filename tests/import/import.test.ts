import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { edgesOf, everything, SHOP, shopWith, shopWithTask, tasksOf } from "./project.ts";
import { importTasks, makeFolder, makeTenant, run, verifyTasks, writeInto } from "./workspace.ts";

const FILE = ".taskmaster/tasks/tasks.json";

let database: TestDatabase;
let count = 0;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});

/** A tenant and a folder of its own for each test. */
async function begin(content: unknown = SHOP): Promise<{ tenant: string; folder: string; args: readonly string[] }> {
  const slug = `shop-${(count += 1)}`;
  const folder = makeFolder({ [FILE]: content });
  return { tenant: await makeTenant(database, slug), folder, args: [folder, "--tenant", slug] };
}

describe("O9 a file becomes workflows, tasks and dependencies", () => {
  it("O9 with parents, statuses, and everything accounted for", async () => {
    const { tenant, args } = await begin();
    const report = await importTasks(database, args);
    expect(report).toMatchObject({
      code: 0,
      loaded: 1,
      account: {
        tasks: { read: 3, loaded: 3, merged: 0, refused: 0 },
        subtasks: { read: 2, loaded: 2, merged: 0, refused: 0 },
        dependencies: { read: 4, loaded: 4, merged: 0, refused: 0, removed_here: 0 },
      },
    });
    expect(await tasksOf(database, tenant)).toEqual([
      "1 done", "2 in_progress", "2.1 done below 2", "2.2 pending below 2", "3 pending",
    ]);
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "2.2 > 2.1", "3 > 2", "3 > 2.2"]);
    expect(await verifyTasks(database, args)).toMatchObject({ code: 0, same: true, tasks: 3, subtasks: 2, dependencies: 4 });
    const [flow] = await database.sql`select name, status, progress, source, source_key from public.workflows where tenant_id = ${tenant}`;
    expect(flow).toMatchObject({ status: "active", progress: 40, source: "task-master" });
  });

  it("O9 each tag a workflow, whose ids are its own", async () => {
    const { tenant, args } = await begin({ ...SHOP, later: SHOP.master });
    expect((await importTasks(database, args)).files[0]?.tags.map(({ tag, inserted }) => [tag, inserted])).toEqual([["master", 5], ["later", 5]]);
    const flows = await database.sql`select from public.workflows where tenant_id = ${tenant}`;
    expect(flows).toHaveLength(2);
  });

  it("O9 complexity reports are joined by tag, and what they say of others is told", async () => {
    const { tenant, folder, args } = await begin({ ...SHOP, later: SHOP.master });
    const entry = (taskId: unknown, complexityScore: number): unknown => ({ taskId, taskTitle: "Any", complexityScore, reasoning: "Long" });
    writeInto(folder, ".taskmaster/reports/task-complexity-report.json", { meta: { thresholdScore: 5 }, complexityAnalysis: [entry(2, 7), entry(99, 3)] });
    writeInto(folder, ".taskmaster/reports/task-complexity-report_later.json", "{broken");
    const report = await importTasks(database, args);
    expect(report.files[0]?.tags.map((tag) => tag.complexity_report)).toEqual([
      { file: "../reports/task-complexity-report.json", entries: 2, joined: 1 },
      null,
    ]);
    expect(report.files[0]?.oddities.map(({ code, file, pointer }) => [code, file, pointer])).toEqual([
      ["complexity_of_no_task", "../reports/task-complexity-report.json", "/complexityAnalysis/1"],
      ["complexity_report_unreadable", "../reports/task-complexity-report_later.json", ""],
    ]);
    const rows = await database.sql`
      select metadata -> 'complexity' as complexity from public.tasks where tenant_id = ${tenant} and source_key = '2' order by id
    `;
    expect(rows.map((row) => row["complexity"])).toContainEqual({ complexityScore: 7, reasoning: "Long" });
  });
});

describe("O9 importing again", () => {
  it("O9 the same file changes nothing, not even a stamp", async () => {
    const { args } = await begin();
    await importTasks(database, args);
    const before = await everything(database);
    expect(await importTasks(database, args)).toMatchObject({ code: 0, loaded: 0, unchanged: 1, files: [{ tags: [{ unchanged: 5 }] }] });
    expect(await everything(database)).toEqual(before);
  });

  it("O9 a dry run reports the same and changes nothing, before and after the first import", async () => {
    const { folder, args } = await begin();
    const strip = ({ dry_run: _dry, files, ...rest }: Awaited<ReturnType<typeof importTasks>>): unknown => ({
      ...rest,
      files: files.map((file) => ({ ...file, tags: file.tags.map(({ workflow_id: _id, ...tag }) => tag) })),
    });
    const before = await everything(database);
    const dry = await importTasks(database, [...args, "--dry-run"]);
    expect(await everything(database)).toEqual(before);
    expect(strip(dry)).toEqual(strip(await importTasks(database, args)));
    writeInto(folder, FILE, shopWith((tasks) => tasks.slice(0, 2)));
    const imported = await everything(database);
    const again = await importTasks(database, [...args, "--dry-run", "--remove"]);
    expect(again.files[0]?.tags[0]?.gone).toEqual([{ key: "3", title: "Open" }]);
    expect(await everything(database)).toEqual(imported);
  });

  it("O9 what changed is changed, and nothing is there twice", async () => {
    const { tenant, folder, args } = await begin();
    await importTasks(database, args);
    const before = await database.sql`select id, source_key, updated_at from public.tasks where tenant_id = ${tenant} order by source_key`;
    writeInto(folder, FILE, shopWithTask(3, { title: "Open the doors", status: "review", dependencies: ["2.1"] }));
    const report = await importTasks(database, args);
    expect(report.files[0]?.tags[0]).toMatchObject({
      inserted: 0, updated: 1, unchanged: 4,
      dependencies_taken_back: [{ key: "3", on_key: "2" }, { key: "3", on_key: "2.2" }],
    });
    const after = await database.sql`select id, source_key, updated_at from public.tasks where tenant_id = ${tenant} order by source_key`;
    expect(after.map((row) => row["id"])).toEqual(before.map((row) => row["id"]));
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "2.2 > 2.1", "3 > 2.1"]);
    expect((await verifyTasks(database, args)).same).toBe(true);
  });

  it("O9 every status becomes every other one", async () => {
    const statuses = ["pending", "in-progress", "review", "blocked", "deferred", "done", "cancelled"];
    const pairs = statuses.flatMap((from) => statuses.map((to) => ({ from, to })));
    const content = (end: "from" | "to"): unknown => ({
      tasks: pairs.map((pair, index) => ({ id: index + 1, title: `Task ${index}`, status: pair[end] })),
    });
    const { folder, args } = await begin(content("from"));
    await importTasks(database, args);
    writeInto(folder, FILE, content("to"));
    expect(await importTasks(database, args)).toMatchObject({ code: 0, files: [{ tags: [{ updated: 42, unchanged: 7 }] }] });
    expect((await verifyTasks(database, args)).same).toBe(true);
  });

  it("O9 what the file no longer has is listed and left, until it comes back", async () => {
    const { tenant, folder, args } = await begin();
    await importTasks(database, args);
    writeInto(folder, FILE, shopWithTask(2, { subtasks: [] }));
    const [first, second] = [await importTasks(database, args), await importTasks(database, args)];
    for (const report of [first, second]) {
      expect(report.files[0]?.tags[0]?.gone).toEqual([{ key: "2.1", title: "Saw the boards" }, { key: "2.2", title: "Fit them together" }]);
    }
    expect([first.loaded, second.unchanged]).toEqual([1, 1]);
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "3 > 2"]);
    expect(await tasksOf(database, tenant)).toHaveLength(5);
    expect(await verifyTasks(database, args)).toMatchObject({ same: true, files: [{ tags: [{ gone: ["2.1", "2.2"] }] }] });
    writeInto(folder, FILE, SHOP);
    await importTasks(database, args);
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "2.2 > 2.1", "3 > 2", "3 > 2.2"]);
    expect(await verifyTasks(database, args)).toMatchObject({ same: true, files: [{ tags: [{ gone: [] }] }] });
  });

  it("O9 --remove deletes it; a workflow whose tag is gone stays", async () => {
    const { tenant, folder, args } = await begin({ ...SHOP, later: SHOP.master });
    await importTasks(database, args);
    writeInto(folder, FILE, shopWith((tasks) => tasks.slice(0, 1)));
    const report = await importTasks(database, [...args, "--remove"]);
    expect(report.files[0]?.tags[0]?.gone.map(({ key }) => key)).toEqual(["2", "2.1", "2.2", "3"]);
    expect(report.files[0]?.gone_workflows).toEqual([expect.stringMatching(/#later$/)]);
    expect(await tasksOf(database, tenant)).toHaveLength(6);
    expect((await importTasks(database, args)).unchanged).toBe(1);
  });
});

describe("O9 what was done here since", () => {
  it("O9 tasks and dependencies of one's own stay, and what the file does not change stays as it is here", async () => {
    const { tenant, folder, args } = await begin();
    await importTasks(database, args);
    await database.sql`update public.tasks set status = 'in_progress' where tenant_id = ${tenant} and source_key = '2.2'`;
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
    const { tenant, folder, args } = await begin();
    await importTasks(database, args);
    await database.sql`
      insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
      select t.tenant_id, t.workflow_id, t.id, o.id from public.tasks as t, public.tasks as o
      where t.tenant_id = ${tenant} and t.source_key = '2.1' and o.tenant_id = ${tenant} and o.source_key = '1'
    `;
    writeInto(folder, FILE, shopWithTask(1, { title: "Draw", dependencies: ["2.1"] }));
    const before = await everything(database);
    const report = await importTasks(database, args);
    expect(report).toMatchObject({ code: 1, files: [{ refusal: { code: "circle" }, account: { tasks: { read: 3, refused: 3 } } }] });
    expect(await everything(database)).toEqual(before);
  });

  it.each([["completed", "active"], ["cancelled", "planned"]])("O9 a workflow that is %s takes no change, unless it is reopened", async (status, reopened) => {
    const { tenant, folder, args } = await begin();
    await importTasks(database, args);
    await database.sql`select public.update_workflow_status(${tenant}, w.id, ${status}) from public.workflows as w where w.tenant_id = ${tenant}`;
    expect((await importTasks(database, args)).unchanged).toBe(1);
    writeInto(folder, FILE, shopWithTask(1, { title: "Draw" }));
    expect(await importTasks(database, args)).toMatchObject({ code: 1, files: [{ refusal: { code: "workflow_over" } }] });
    expect(await importTasks(database, [...args, "--reopen"])).toMatchObject({ code: 0, loaded: 1 });
    const [flow] = await database.sql`select status from public.workflows where tenant_id = ${tenant}`;
    expect(flow?.["status"]).toBe(reopened);
  });

  it("O9 another project under the same source is refused", async () => {
    const { folder, args } = await begin();
    await importTasks(database, args);
    const others = [1, 2, 3, 4, 5].map((id) => ({ id, title: `Other ${id}`, status: "done", subtasks: [{ id: 1, title: `Part ${id}`, status: "done" }, { id: 2, title: "P", status: "done" }] }));
    writeInto(folder, FILE, { tasks: others });
    expect(await importTasks(database, args)).toMatchObject({ code: 1, files: [{ refusal: { code: "another_project" } }] });
    expect((await importTasks(database, [...args, "--source", "other"])).loaded).toBe(1);
    expect((await importTasks(database, [...args, "--force"])).loaded).toBe(1);
  });
});

describe("O9 several files", () => {
  it("O9 one that is refused does not keep the others back, and each is told of", async () => {
    const slug = `shop-${(count += 1)}`;
    const tenant = await makeTenant(database, slug);
    const folder = makeFolder({ "a/tasks/tasks.json": SHOP, "b/tasks/tasks.json": "{", "c/tasks.json": [1], "a/tasks.json": SHOP });
    const report = await importTasks(database, [folder, "--tenant", slug]);
    expect(report.files.map(({ source, status, refusal }) => [source, status, refusal?.code])).toEqual([
      ["a", "loaded", undefined], ["b", "refused", "not_json"], ["c", "refused", "not_a_task_file"],
    ]);
    expect(report).toMatchObject({ code: 1, loaded: 1, refused: 2, shadowed: [{ path: `${folder}/a/tasks.json`, by: `${folder}/a/tasks/tasks.json` }] });
    expect(report.files[1]?.refusal).toMatchObject({ line: 1, column: 2 });
    expect(await tasksOf(database, tenant)).toHaveLength(5);
    const { code, out } = await run(database, ["tasks", folder, "--tenant", slug]);
    expect(code).toBe(1);
    expect(out).toContain("not_json: It is no JSON:");
    expect(out).toMatch(/3 files: 0 loaded, 1 unchanged, 2 refused/);
  });

  it("O9 two of the same source: only the first", async () => {
    const { folder, args } = await begin();
    const twin = makeFolder({ "x.json": SHOP });
    const named = [`${twin}/x.json`, `${folder}/${FILE}`, `${twin}/x.json`, ...args.slice(1)];
    expect((await importTasks(database, named)).files.map(({ status, refusal }) => [status, refusal?.code])).toEqual([
      ["loaded", undefined], ["loaded", undefined], ["refused", "same_source"],
    ]);
  });
});
