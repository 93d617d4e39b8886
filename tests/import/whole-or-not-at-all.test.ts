import { spawn } from "node:child_process";
import path from "node:path";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { everything, SHOP, shopWithTask, tasksOf } from "./project.ts";
import { importTasks, makeFolder, makeTenant, run, verifyTasks, writeInto } from "./workspace.ts";

const FILE = "tasks/tasks.json";
const ROOT = path.resolve(import.meta.dirname, "../..");

let database: TestDatabase;
let count = 0;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});

async function begin(): Promise<{ tenant: string; slug: string; folder: string }> {
  const slug = `whole-${(count += 1)}`;
  return { slug, tenant: await makeTenant(database, slug), folder: makeFolder({ [FILE]: SHOP }) };
}

/** Holds the lock that dependencies need: an import that waits for it has its tasks in the tables already. */
async function holdGraph(
  tenant: string,
): Promise<{ readonly waitForImport: () => Promise<number>; readonly release: () => Promise<void> }> {
  const holder = postgres(database.url, { max: 1, onnotice: () => undefined });
  await holder.unsafe("begin");
  const [row] = await holder`select pg_backend_pid() as pid, private.lock_task_graph(${tenant})`;
  const pid = Number(row?.["pid"]);
  return {
    waitForImport: () =>
      waitFor("import that waits", async () => {
        const rows = await database.sql`
          select pid from pg_stat_activity
          where application_name = 'rowhouse import' and ${pid} = any (pg_blocking_pids(pid))
        `;
        return rows.length === 1 ? Number(rows[0]?.["pid"]) : undefined;
      }),
    release: async () => {
      await holder.unsafe("rollback");
      await holder.end({ timeout: 5 });
    },
  };
}

describe("O9 an import that ends in the middle leaves nothing", () => {
  it("O9 its process is killed", async () => {
    const { tenant, slug, folder } = await begin();
    const before = await everything(database);
    const lock = await holdGraph(tenant);
    const child = spawn(
      process.execPath,
      ["scripts/run.mjs", "scripts/import/cli.ts", "tasks", folder, "--tenant", slug, "--db-url", database.url],
      { cwd: ROOT, stdio: "ignore" },
    );
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once("exit", (_code, signal) => resolve(signal))
    );
    const server = await lock.waitForImport();
    child.kill("SIGKILL");
    expect(await ended).toBe("SIGKILL");
    await lock.release();
    await waitFor("server process to end", async () => {
      const rows = await database.sql`select from pg_stat_activity where pid = ${server}`;
      return rows.length === 0 ? true : undefined;
    });
    expect(await everything(database)).toEqual(before);
    expect(await importTasks(database, [folder, "--tenant", slug])).toMatchObject({ code: 0, loaded: 1 });
  });

  it("O9 it is stopped by Ctrl-C", async () => {
    const { tenant, slug, folder } = await begin();
    const before = await everything(database);
    const lock = await holdGraph(tenant);
    const stopping = new AbortController();
    const running = run(database, ["tasks", folder, "--tenant", slug], stopping.signal);
    await lock.waitForImport();
    stopping.abort();
    expect(await running).toMatchObject({ code: 130, err: "Stopped." });
    await lock.release();
    expect(await everything(database)).toEqual(before);
  });

  it("O9 the database refuses the last tag", async () => {
    const { tenant, slug, folder } = await begin();
    writeInto(folder, FILE, { master: SHOP.master, later: SHOP.master });
    await importTasks(database, [folder, "--tenant", slug]);
    await database.sql`
      select public.update_workflow_status(${tenant}, w.id, 'cancelled') from public.workflows as w
      where w.tenant_id = ${tenant} and w.source_key like '%#later'
    `;
    const before = await everything(database);
    const changed = { tasks: SHOP.master.tasks.map((task) => ({ ...task, details: "New" })) };
    writeInto(folder, FILE, { master: changed, later: changed });
    const report = await importTasks(database, [folder, "--tenant", slug]);
    expect(report).toMatchObject({
      code: 1,
      account: {
        tasks: { read: 6, loaded: 0, refused: 6 },
        subtasks: { read: 4, refused: 4 },
        dependencies: { read: 8, refused: 8 },
      },
    });
    expect(await everything(database)).toEqual(before);
  });
});

describe("O9 imports at once", () => {
  it("O9 four of the same file: one loads it, the others find it there", async () => {
    const { tenant, slug, folder } = await begin();
    const reports = await Promise.all([1, 2, 3, 4].map(() => importTasks(database, [folder, "--tenant", slug])));
    expect(reports.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(reports.map(({ loaded }) => loaded).sort()).toEqual([0, 0, 0, 1]);
    expect(await tasksOf(database, tenant)).toHaveLength(5);
  });

  it("O9 two versions of a file: afterwards the database has one of them, whole", async () => {
    const { slug, folder } = await begin();
    const other = makeFolder({ [FILE]: shopWithTask(3, { title: "Close", dependencies: [1] }) });
    const named = (from: string): readonly string[] => [`${from}/${FILE}`, "--source", "one", "--tenant", slug];
    await Promise.all([importTasks(database, named(folder)), importTasks(database, named(other))]);
    const same = [await verifyTasks(database, named(folder)), await verifyTasks(database, named(other))].map((each) =>
      each.same
    );
    expect(same.filter((each) => each)).toHaveLength(1);
  });

  it("O9 while members change the tasks and add dependencies", async () => {
    const { tenant, slug, folder } = await begin();
    await importTasks(database, [folder, "--tenant", slug]);
    const sql = postgres(database.url, { max: 4, onnotice: () => undefined });
    const change = async (turn: number): Promise<unknown> =>
      sql`update public.tasks set status = ${
        turn % 2 === 0 ? "in_progress" : "pending"
      } where tenant_id = ${tenant} and source_key = '2.2'`;
    const imports = async (): Promise<readonly number[]> => {
      const codes: number[] = [];
      for (const title of ["A", "B", "C", "D"]) {
        writeInto(folder, FILE, shopWithTask(3, { title, dependencies: title < "C" ? [1] : [2] }));
        codes.push((await importTasks(database, [folder, "--tenant", slug])).code);
      }
      return codes;
    };
    const [codes] = await Promise.all([imports(), ...Array.from({ length: 20 }, (_, turn) => change(turn))]);
    await sql.end({ timeout: 5 });
    expect(codes).toEqual([0, 0, 0, 0]);
    const [flow] = await database.sql`
      select w.tasks_total, (select count(*)::integer from public.tasks as t where t.workflow_id = w.id) as counted
      from public.workflows as w where w.tenant_id = ${tenant}
    `;
    expect(flow).toEqual({ tasks_total: 5, counted: 5 });
  });
});
