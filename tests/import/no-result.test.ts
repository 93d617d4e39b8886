import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { SHOP } from "./project.ts";
import { importTasks, makeFolder, makeTenant, run } from "./workspace.ts";
import { runImport } from "../../scripts/import/run-import.ts";

const REMOTE = "postgresql://postgres:secret@192.0.2.1:5432/postgres";

let database: TestDatabase;
let file: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  await makeTenant(database, "shop");
  file = `${makeFolder({ "plan.json": SHOP })}/plan.json`;
});

async function runOn(url: string, argv: readonly string[]): Promise<{ code: number; told: string }> {
  const told: string[] = [];
  const terminal = {
    isInteractive: false,
    print: (line: string) => void told.push(line),
    tell: (line: string) => void told.push(line),
    ask: () => Promise.resolve(""),
  };
  const code = await runImport([...argv, "--db-url", url], { terminal, signal: new AbortController().signal });
  return { code, told: told.join("\n") };
}

describe("O9 without a result the exit code is neither 0 nor 1", () => {
  it.each<[readonly string[], string]>([
    [[], "No command was given"],
    [["task", "FILE"], 'There is no command "task"'],
    [["tasks", "--tenant", "shop"], "tasks takes a file or a folder."],
    [["tasks", "FILE"], "--tenant is missing"],
    [["tasks", "FILE.gone", "--tenant", "shop"], "cannot be opened"],
    [["tasks", "FILE", "--tenant", "nobody"], 'There is no tenant "nobody".'],
    [["tasks", "FILE", "--tenant", "shop", "--source", "a#b"], "--source takes 1 to 200 characters"],
    [["tasks", "FILE", "FILE", "--tenant", "shop", "--source", "a"], "--source is for a single file; there are 2."],
    [["verify", "FILE", "--tenant", "shop", "--remove"], "--remove is for tasks."],
    [["tasks", "FILE", "--tenant", "shop", "--quick"], "Unknown option '--quick'"],
  ])("4 for %j", async (argv, message) => {
    const { code, out, err } = await run(database, argv.map((each) => each.replace("FILE", file)));
    expect([code, out]).toEqual([4, ""]);
    expect(err).toContain(message);
  });

  it("O9 4 for a tenant that is closed, and as JSON", async () => {
    const tenant = await makeTenant(database, "closed");
    await database.sql`update public.tenants set status = 'closed' where id = ${tenant}`;
    const { code, out } = await run(database, ["tasks", file, "--tenant", "closed", "--json"]);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toEqual({ error: { code: "tenant_closed", message: 'The tenant "closed" is closed.' } });
  });

  it("O9 3 when nobody answers, 5 for a database without our schema", async () => {
    const away = await runOn("postgresql://postgres:secret@127.0.0.1:1/postgres", ["tasks", file, "--tenant", "shop"]);
    expect(away).toMatchObject({ code: 3, told: expect.stringMatching(/cannot be reached/) });
    expect(away.told).not.toContain("secret");
    const { url } = await createDatabase();
    expect(await runOn(url, ["tasks", file, "--tenant", "shop"])).toMatchObject({
      code: 5,
      told: expect.stringMatching(/has another schema: .*Apply its migrations/),
    });
  });

  it("O9 4 for another machine without --yes, before anything is reached", async () => {
    expect(await runOn(REMOTE, ["tasks", file, "--tenant", "shop"])).toMatchObject({
      code: 4,
      told: expect.stringContaining("nothing was done"),
    });
  });

  it("O9 0 for help", async () => {
    const { code, out } = await run(database, ["--help"]);
    expect(code).toBe(0);
    expect(out).toContain("--dry-run");
  });
});

it("O9 another tenant's rows are out of its reach: the same file for two tenants is two plans", async () => {
  await makeTenant(database, "other");
  expect((await importTasks(database, [file, "--tenant", "shop"])).loaded).toBe(1);
  expect((await importTasks(database, [file, "--tenant", "other"])).loaded).toBe(1);
  expect((await importTasks(database, [file, "--tenant", "shop"])).unchanged).toBe(1);
});
