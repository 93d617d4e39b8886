import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { z } from "zod";
import { applyMigration, rollBackMigrations } from "../../migrate/apply.ts";
import { listMigrations, projectDir } from "../../migrate/migration-files.ts";
import { withSql } from "../with-sql.ts";
import type { ProveResult } from "./prove.ts";

// pg_cron 1.4 knows no seconds: a job of every minute begins at the next full one, and the second at the one after.
const DEADLINE_MS = 150_000;

const SCHEDULES = `
  insert into ops.schedules (name, description, cron, kind, target)
  values
    ('test-works', 'Of a test.', '* * * * *', 'sql', 'select 1 union select 2'),
    ('test-fails', 'Of a test.', '* * * * *', 'sql', 'select 1 / 0'),
    ('test-calls', 'Of a test.', '* * * * *', 'function', 'do-this'),
    ('test-off', 'Of a test.', '* * * * *', 'sql', 'select 1')`;

const rowsShape = z.array(z.record(z.string(), z.string().nullable()));

/**
 * Applies the migrations to the database that pg_cron watches and lets it run schedules: that jobs
 * fire, runs are recorded, a disabled row takes its job away, the watch ends an abandoned run and
 * mends a job that somebody changed, the rollback leaves no job. Takes up to three minutes, waiting for full minutes.
 *
 * @param url - the unmigrated database that pg_cron watches, as postgres
 * @returns a test each, and what was found instead
 * @throws MigrateError when a migration fails
 */
export function provePgCron(url: string): Promise<ProveResult> {
  return withSql(url, async (sql) => {
    const migrations = listMigrations(projectDir);
    for (const migration of migrations) await applyMigration(sql, migration);
    const results: string[] = [];
    const expectRows = async (what: string, query: string, expected: readonly string[]): Promise<void> => {
      const found = await readLines(sql, query);
      results.push(found.join() === expected.join() ? "" : `${what}: expected ${expected.join()}, found ${found.join()}`);
    };
    await expectRows("the scheduler", "select ops.scheduler()", ["pg_cron"]);
    await expectRows("schedules without a job after the migrations", "select name from ops.schedules as s where is_enabled"
      + " and not exists (select from cron.job where jobname = 'rowhouse:' || s.name)", []);
    await sql.unsafe(SCHEDULES);
    await sql`update ops.schedules set is_enabled = false where name = 'test-off'`;
    await expectRows("jobs of the new schedules", "select jobname from cron.job where jobname like '%:test-%' order by 1", [
      "rowhouse:test-calls", "rowhouse:test-fails", "rowhouse:test-works",
    ]);
    // What the watch has to mend at the same minute: a job that somebody changed, a run whose session is gone.
    await sql`select cron.schedule('rowhouse:add-partitions', '1 1 1 1 *', 'select 1')`;
    await expectRows("drift", "select key, status from ops.check_schedules_reconciled()", ["rowhouse:add-partitions warn"]);
    await sql`
      insert into ops.schedule_runs (schedule_name, backend_pid, backend_start)
      values ('refresh-views', 0, now() - interval '1 hour')
    `;
    await waitForRuns(sql);
    await expectRows("runs", `select distinct on (schedule_name) schedule_name, status, error, result ->> 'rows'
      from ops.schedule_runs where schedule_name like 'test-%' order by schedule_name, started_at`, [
      "test-calls failed pg_net is not installed. (0A000) -",
      "test-fails failed division by zero (22012) -",
      "test-works succeeded - 2",
    ]);
    await expectRows("runs of pg_cron that failed", "select return_message from cron.job_run_details where status = 'failed'", []);
    await expectRows("drift that is left", "select key from ops.check_schedules_reconciled()", []);
    await expectRows("abandoned run", "select status, error from ops.schedule_runs where backend_pid = 0", [
      "failed The session that ran this is gone.",
    ]);
    await expectRows("failing schedules", "select key from ops.check_schedules_failed() where key like 'test-%'", [
      "test-calls", "test-fails",
    ]);
    const since = migrations.findIndex(({ name }) => name === "ops_reconcile");
    await rollBackMigrations(sql, migrations.slice(since).toReversed());
    await expectRows("jobs after the rollback", "select jobname from cron.job", []);
    const failures = results.filter((result) => result !== "");
    return {
      passed: results.length - failures.length,
      failed: failures.length,
      output: failures.map((failure) => `pg_cron: ${failure}`).join("\n"),
    };
  });
}

/** Until each schedule has run, and the watch has begun and ended. */
async function waitForRuns(sql: postgres.Sql): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const rows = await sql`
      select from ops.schedules as s
      where s.name like 'test-%' and s.is_enabled
        and exists (select from ops.schedule_runs as r where r.schedule_name = s.name and r.status <> 'running')
      union all
      select from (select from cron.job_run_details as d join cron.job as j using (jobid)
        where j.jobname = 'rowhouse:_watch' and d.status in ('succeeded', 'failed') limit 1) as watched
    `;
    // When it stays away, the comparison that follows says what is missing.
    if (rows.length === 4 || Date.now() > end) return;
    await sleep(500);
  }
}

async function readLines(sql: postgres.Sql, query: string): Promise<string[]> {
  const rows = rowsShape.parse([...await sql.unsafe(query)]);
  return rows.map((row) => Object.values(row).map((value) => value ?? "-").join(" "));
}
