import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { SHOP } from "./project.ts";
import { importTasks, makeFolder, makeTenant, run, verifyTasks } from "./workspace.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  await makeTenant(database, "shop");
});

/** Every file below a folder: its bytes, and when it and the folders were changed. */
function stateOf(folder: string): unknown {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort().map((name) => {
    const file = path.join(folder, name);
    const { mtimeMs, ctimeMs, size } = statSync(file);
    return [name, mtimeMs, ctimeMs, statSync(file).isFile() ? readFileSync(file, "base64") : size];
  });
}

it("O9 nothing is written to where the files are, also when that is forbidden", async () => {
  const folder = makeFolder({
    ".taskmaster/tasks/tasks.json": SHOP,
    ".taskmaster/reports/task-complexity-report.json": { complexityAnalysis: [] },
    ".taskmaster/state.json": { currentTag: "master" },
    "broken/tasks.json": "{",
  });
  const folders = [
    folder,
    ...[".taskmaster", ".taskmaster/tasks", ".taskmaster/reports", "broken"].map((name) => path.join(folder, name)),
  ];
  for (const each of folders) chmodSync(each, 0o555);
  const before = stateOf(folder);
  try {
    expect(await importTasks(database, [folder, "--tenant", "shop", "--dry-run"])).toMatchObject({
      loaded: 1,
      refused: 1,
    });
    expect(await importTasks(database, [folder, "--tenant", "shop"])).toMatchObject({ loaded: 1, refused: 1 });
    expect(await importTasks(database, [folder, "--tenant", "shop", "--remove", "--force"])).toMatchObject({
      unchanged: 1,
    });
    await verifyTasks(database, [folder, "--tenant", "shop"]);
    expect(stateOf(folder)).toEqual(before);
  } finally {
    for (const each of folders) chmodSync(each, 0o755);
  }
});

it("O9 the report goes to a file, and never over a file of tasks", async () => {
  const folder = makeFolder({ "plan.json": SHOP, "tasks/tasks.json": SHOP, out: {} });
  const report = path.join(folder, "report.json");
  const { code } = await run(database, [
    "tasks",
    path.join(folder, "plan.json"),
    "--tenant",
    "shop",
    "--report",
    report,
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ command: "tasks", tenant: "shop", loaded: 1 });
  const before = stateOf(folder);
  for (const name of ["plan.json", "./tasks/../plan.json", "tasks/tasks.json", "gone/report.json"]) {
    const target = `${folder}/${name}`;
    expect(
      (await run(database, ["tasks", path.join(folder, "plan.json"), "--tenant", "shop", "--report", target])).code,
    ).toBe(4);
  }
  expect(stateOf(folder)).toEqual(before);
  expect(existsSync(path.join(folder, "gone"))).toBe(false);
});
