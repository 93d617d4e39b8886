import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { edgesOf, everything, openShop, SHOP, SHOP_FILE as FILE, shopWith, shopWithTask, tasksOf } from "./project.ts";
import { importTasks, verifyTasks, writeInto } from "./workspace.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});

describe("O9 importing again", () => {
  it("O9 the same file changes nothing, not even a stamp", async () => {
    const { args } = await openShop(database);
    await importTasks(database, args);
    const before = await everything(database);
    expect(await importTasks(database, args)).toMatchObject({
      code: 0,
      loaded: 0,
      unchanged: 1,
      files: [{ tags: [{ unchanged: 5 }] }],
    });
    expect(await everything(database)).toEqual(before);
  });

  it("O9 a dry run reports the same and changes nothing, before and after the first import", async () => {
    const { folder, args } = await openShop(database);
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
    const { tenant, folder, args } = await openShop(database);
    await importTasks(database, args);
    const before = await database
      .sql`select id, source_key, updated_at from public.tasks where tenant_id = ${tenant} order by source_key`;
    writeInto(folder, FILE, shopWithTask(3, { title: "Open the doors", status: "review", dependencies: ["2.1"] }));
    const report = await importTasks(database, args);
    expect(report.files[0]?.tags[0]).toMatchObject({
      inserted: 0,
      updated: 1,
      unchanged: 4,
      dependencies_taken_back: [{ key: "3", on_key: "2" }, { key: "3", on_key: "2.2" }],
    });
    const after = await database
      .sql`select id, source_key, updated_at from public.tasks where tenant_id = ${tenant} order by source_key`;
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
    const { folder, args } = await openShop(database, content("from"));
    await importTasks(database, args);
    writeInto(folder, FILE, content("to"));
    expect(await importTasks(database, args)).toMatchObject({
      code: 0,
      files: [{ tags: [{ updated: 42, unchanged: 7 }] }],
    });
    expect((await verifyTasks(database, args)).same).toBe(true);
  });

  it("O9 what the file no longer has is listed and left, until it comes back", async () => {
    const { tenant, folder, args } = await openShop(database);
    await importTasks(database, args);
    writeInto(folder, FILE, shopWithTask(2, { subtasks: [] }));
    const [first, second] = [await importTasks(database, args), await importTasks(database, args)];
    for (const report of [first, second]) {
      expect(report.files[0]?.tags[0]?.gone).toEqual([{ key: "2.1", title: "Saw the boards" }, {
        key: "2.2",
        title: "Fit them together",
      }]);
    }
    expect([first.loaded, second.unchanged]).toEqual([1, 1]);
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "3 > 2"]);
    expect(await tasksOf(database, tenant)).toHaveLength(5);
    expect(await verifyTasks(database, args)).toMatchObject({
      same: true,
      files: [{ tags: [{ gone: ["2.1", "2.2"] }] }],
    });
    writeInto(folder, FILE, SHOP);
    await importTasks(database, args);
    expect(await edgesOf(database, tenant)).toEqual(["2 > 1", "2.2 > 2.1", "3 > 2", "3 > 2.2"]);
    expect(await verifyTasks(database, args)).toMatchObject({ same: true, files: [{ tags: [{ gone: [] }] }] });
  });

  it("O9 --remove deletes it; a workflow whose tag is gone stays", async () => {
    const { tenant, folder, args } = await openShop(database, { ...SHOP, later: SHOP.master });
    await importTasks(database, args);
    writeInto(folder, FILE, shopWith((tasks) => tasks.slice(0, 1)));
    const report = await importTasks(database, [...args, "--remove"]);
    expect(report.files[0]?.tags[0]?.gone.map(({ key }) => key)).toEqual(["2", "2.1", "2.2", "3"]);
    expect(report.files[0]?.gone_workflows).toEqual([expect.stringMatching(/#later$/)]);
    expect(await tasksOf(database, tenant)).toHaveLength(6);
    expect((await importTasks(database, args)).unchanged).toBe(1);
  });
});
