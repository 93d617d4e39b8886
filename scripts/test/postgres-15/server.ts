import type { RunningServer } from "../../stack/postgres/launch.ts";
import { startPostgres } from "../../stack/postgres/server.ts";
import { withSql } from "../with-sql.ts";
import type { Postgres15 } from "./programs.ts";

// What a hosted project holds once pg_cron is enabled in it.
const ENABLE_PG_CRON = `
  create extension pg_cron;
  grant usage on schema cron to postgres with grant option;
  grant execute on all functions in schema cron to postgres with grant option;
  grant select on cron.job to postgres with grant option;
  grant all on cron.job_run_details to postgres with grant option`;

/**
 * Starts a PostgreSQL 15 that looks like a hosted project of before 2026: Supabase's old default
 * privileges, pg_cron enabled before the first migration.
 *
 * @param programs - as `findPostgres15` returns them
 * @param dataDir - folder of the cluster, not made yet
 * @returns the running server; nobody is connected to its database `postgres`
 * @throws StackError when it does not start
 */
export async function startPostgres15(programs: Postgres15, dataDir: string): Promise<RunningServer> {
  // pg_cron can be created in the database that its scheduler watches, and in no other.
  const first = await startWatching(programs, dataDir, "postgres");
  try {
    await withSql(first.adminUrl, (sql) => sql.unsafe(ENABLE_PG_CRON).simple());
  } finally {
    await first.stop();
  }
  // From now on the scheduler watches a database without jobs: one it is connected to cannot be copied.
  return startWatching(programs, dataDir, "template1");
}

/**
 * Starts the cluster again that `startPostgres15` made, so that pg_cron runs the jobs of a database.
 *
 * @param binaries - as `findPostgres15` returns them
 * @param dataDir - folder of the cluster, whose server is stopped
 * @param watched - the database whose jobs run
 * @returns the running server
 * @throws StackError when it does not start
 */
export function startWatching(binaries: Postgres15, dataDir: string, watched: string): Promise<RunningServer> {
  return startPostgres({
    binaries,
    dataDir,
    port: 0,
    defaultPrivileges: "granted",
    parameters: [
      "shared_preload_libraries=pg_stat_statements,pg_cron,plpgsql_check",
      `cron.database_name=${watched}`,
    ],
  });
}
