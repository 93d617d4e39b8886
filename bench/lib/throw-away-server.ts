import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { applyMigrations } from "../../scripts/stack/migrations.ts";
import { startPostgres } from "../../scripts/stack/postgres/server.ts";

/** The root of the repository. */
export const ROOT_DIR = path.resolve(import.meta.dirname, "..", "..");

/**
 * Starts a server with all migrations and no rows, and deletes it afterwards.
 *
 * @param work - gets the addresses of the database: as postgres, as superuser
 * @param progress - called with a line of text before each step
 * @param settings - whether a commit waits until it is on disk (default: not), and further settings of the server
 * @returns what the work returned
 */
export async function withThrowAwayServer<T>(
  work: (urls: { url: string; adminUrl: string }) => Promise<T>,
  progress: (line: string) => void,
  { durable = false, parameters = [] }: { readonly durable?: boolean; readonly parameters?: readonly string[] } = {},
): Promise<T> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "rowhouse-bench-"));
  try {
    const server = await startPostgres({
      dataDir: path.join(dataDir, "postgres"),
      port: 0,
      durable,
      parameters: [...(durable ? ["synchronous_commit=on"] : []), ...parameters],
    });
    try {
      progress("Applying the migrations.");
      await applyMigrations({ rootDir: ROOT_DIR, dataDir, dbPort: server.port, signal: new AbortController().signal }, false);
      return await work(server);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
