import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { withMigrationLock } from "../../scripts/migrate/lock.ts";
import { projectDir } from "../../scripts/migrate/migration-files.ts";
import { parseTarget } from "../../scripts/migrate/target.ts";
import { createDatabase } from "../helpers/database.ts";
import { makeProject, migrate, TWO_TABLES } from "./project.ts";

it("a second run is told at once who is at work, or waits when asked to", async () => {
  const { url } = await createDatabase();
  const on = ["--db-url", url, "--workdir", makeProject(TWO_TABLES)];
  const waiting = await withMigrationLock(parseTarget(url), { command: "reset" }, async () => {
    for (const command of ["up", "down", "seed"]) {
      const started = performance.now();
      const refused = await migrate([command, ...on]);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(
        /^Another run is changing \S+: rowhouse migrate reset \(pid \d+\) since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, from 127\.0\.0\.1, server process \d+\./,
      );
      expect(performance.now() - started).toBeLessThan(2_000);
    }
    // Reading needs no lock.
    expect((await migrate(["status", ...on])).code).toBe(0);
    const run = migrate(["down", ...on, "--wait"]);
    await sleep(600);
    return { run };
  });
  const ended = await waiting.run;
  expect(ended.code).toBe(0);
  expect(ended.err).toMatch(/^Waiting for another run: rowhouse migrate reset/);
});

it("two runs at once apply each file once", async () => {
  const { sql, url } = await createDatabase();
  const on = ["up", "--db-url", url, "--workdir", makeProject(TWO_TABLES), "--wait"];
  const runs = await Promise.all([migrate(on), migrate(on)]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(runs.map(({ out }) => out.split(" ")[0]).sort()).toEqual(["Applied", "Nothing"]);
  expect(await sql`select from supabase_migrations.schema_migrations`).toHaveLength(2);
});

it("kill -9 frees the lock", async () => {
  const { sql, url } = await createDatabase();
  const sleeper = makeProject({ seeds: { "slow.sql": "select pg_sleep(60);" } });
  const child = spawn(process.execPath, [
    "--import",
    "tsx",
    path.join(projectDir, "scripts/migrate/cli.ts"),
    "seed",
    "--db-url",
    url,
    "--workdir",
    sleeper,
  ], {
    cwd: projectDir,
    stdio: "ignore",
  });
  const isHeld = async (): Promise<boolean> =>
    (await sql`select from pg_stat_activity where datname = current_database() and application_name like 'rowhouse migrate seed%' and query like '%pg_sleep%'`)
      .length > 0;
  while (!(await isHeld())) await sleep(50);
  expect((await migrate(["seed", "--db-url", url, "--workdir", sleeper])).err).toContain(
    `rowhouse migrate seed (pid ${child.pid})`,
  );
  child.kill("SIGKILL");
  await once(child, "exit");
  const killed = performance.now();
  const next = await migrate([
    "seed",
    "--db-url",
    url,
    "--workdir",
    makeProject({ seeds: { "quick.sql": "select 1;" } }),
    "--wait",
  ]);
  expect(next.code).toBe(0);
  // Its statement would have run for a minute.
  expect(performance.now() - killed).toBeLessThan(10_000);
});
