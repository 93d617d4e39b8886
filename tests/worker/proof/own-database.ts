import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { applyMigration } from "../../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../../scripts/migrate/migration-files.ts";
import { startPostgres } from "../../../scripts/stack/postgres/server.ts";

/** A server that a test may end in any way. */
export interface OwnDatabase {
  readonly url: string;
  /** Ends it, cleanly or as a crash would, and starts it again at the same address. */
  readonly restart: (how: "fast" | "crash") => Promise<void>;
  /** Asks it, over a connection that outlives restarts. */
  readonly sql: postgres.Sql;
  readonly remove: () => Promise<void>;
}

/**
 * Starts a server with all migrations, whose commits are on disk before they are answered.
 *
 * @returns the server
 */
export async function startOwnDatabase(): Promise<OwnDatabase> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-test-"));
  const options = { dataDir: path.join(folder, "data"), durable: true, parameters: ["synchronous_commit=on"] };
  let server = await startPostgres({ ...options, port: 0 });
  const { port, url } = server;
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
  return {
    url,
    sql,
    restart: async (how) => {
      if (how === "crash") process.kill(server.pid, "SIGKILL");
      else await server.stop();
      await server.exited;
      server = await startPostgres({ ...options, port });
    },
    remove: async () => {
      await sql.end({ timeout: 5 });
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
