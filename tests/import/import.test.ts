import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { edgesOf, openShop, SHOP, SHOP_FILE, tasksOf } from "./project.ts";
import { importTasks, makeFolder, makeTenant, run, verifyTasks, writeInto } from "./workspace.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});

describe("O9 a file becomes workflows, tasks and dependencies", () => {
  it("O9 with parents, statuses, and everything accounted for", async () => {
    const { tenant, args } = await openShop(database);
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
      "1 done",
      "2 in_progress",
      "2.1 done below 2",
      "2.2 pending below 2",
      "3 pending",
    ]);
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "2.2 > 2.1", "3 > 2", "3 > 2.2"]);
    expect(await verifyTasks(database, args)).toMatchObject({
      code: 0,
      same: true,
      tasks: 3,
      subtasks: 2,
      dependencies: 4,
    });
    const [flow] = await database
      .sql`select name, status, progress, source, source_key from public.workflows where tenant_id = ${tenant}`;
    expect(flow).toMatchObject({ status: "active", progress: 40, source: "task-master" });
  });

  it("O9 each tag a workflow, whose ids are its own", async () => {
    const { tenant, args } = await openShop(database, { ...SHOP, later: SHOP.master });
    expect((await importTasks(database, args)).files[0]?.tags.map(({ tag, inserted }) => [tag, inserted])).toEqual([[
      "master",
      5,
    ], ["later", 5]]);
    const flows = await database.sql`select from public.workflows where tenant_id = ${tenant}`;
    expect(flows).toHaveLength(2);
  });

  it("O9 complexity reports are joined by tag, and what they say of others is told", async () => {
    const { tenant, folder, args } = await openShop(database, { ...SHOP, later: SHOP.master });
    const entry = (taskId: unknown, complexityScore: number): unknown => ({
      taskId,
      taskTitle: "Any",
      complexityScore,
      reasoning: "Long",
    });
    writeInto(folder, ".taskmaster/reports/task-complexity-report.json", {
      meta: { thresholdScore: 5 },
      complexityAnalysis: [entry(2, 7), entry(99, 3)],
    });
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
      select metadata -> 'complexity' as complexity from public.tasks
      where tenant_id = ${tenant} and source_key = '2' order by id
    `;
    expect(rows.map((row) => row["complexity"])).toContainEqual({ complexityScore: 7, reasoning: "Long" });
  });
});

describe("O9 several files", () => {
  it("O9 one that is refused does not keep the others back, and each is told of", async () => {
    const tenant = await makeTenant(database, "several");
    const folder = makeFolder({
      "a/tasks/tasks.json": SHOP,
      "b/tasks/tasks.json": "{",
      "c/tasks.json": [1],
      "a/tasks.json": SHOP,
    });
    const report = await importTasks(database, [folder, "--tenant", "several"]);
    expect(report.files.map(({ source, status, refusal }) => [source, status, refusal?.code])).toEqual([
      ["a", "loaded", undefined],
      ["b", "refused", "not_json"],
      ["c", "refused", "not_a_task_file"],
    ]);
    expect(report).toMatchObject({
      code: 1,
      loaded: 1,
      refused: 2,
      shadowed: [{ path: `${folder}/a/tasks.json`, by: `${folder}/a/tasks/tasks.json` }],
    });
    expect(report.files[1]?.refusal).toMatchObject({ line: 1, column: 2 });
    expect(await tasksOf(database, tenant)).toHaveLength(5);
    const { code, out } = await run(database, ["tasks", folder, "--tenant", "several"]);
    expect(code).toBe(1);
    expect(out).toContain("not_json: It is no JSON:");
    expect(out).toMatch(/3 files: 0 loaded, 1 unchanged, 2 refused/);
  });

  it("O9 two of the same source: only the first", async () => {
    const { folder, args } = await openShop(database);
    const twin = makeFolder({ "x.json": SHOP });
    const named = [`${twin}/x.json`, `${folder}/${SHOP_FILE}`, `${twin}/x.json`, ...args.slice(1)];
    expect((await importTasks(database, named)).files.map(({ status, refusal }) => [status, refusal?.code])).toEqual([
      ["loaded", undefined],
      ["loaded", undefined],
      ["refused", "same_source"],
    ]);
  });
});
