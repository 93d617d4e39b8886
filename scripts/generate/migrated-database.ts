import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { hasCode } from "../lib/stack-error.ts";
import { applyMigration } from "../migrate/apply.ts";
import { readHistory } from "../migrate/history.ts";
import { MigrateError } from "../migrate/migrate-error.ts";
import { listMigrations, projectDir } from "../migrate/migration-files.ts";
import { compareMigrations } from "../migrate/state.ts";
import { connect, findTarget, parseTarget, type Target } from "../migrate/target.ts";
import { startPostgres } from "../stack/postgres/server.ts";

/**
 * Gives work a database that has exactly the migrations of this folder: the local stack's, or, when
 * none runs or its migrations are others, one made for it and thrown away.
 *
 * @param work - gets the database
 * @param ownDatabase - never the local stack's
 * @returns what the work returns
 */
export async function withMigratedDatabase<T>(work: (target: Target) => Promise<T>, ownDatabase = false): Promise<T> {
  const stack = ownDatabase ? null : await findUpToDateStack();
  if (stack !== null) return work(stack);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "rowhouse-generate-"));
  try {
    const server = await startPostgres({ dataDir: path.join(dataDir, "data"), port: 0 });
    try {
      const target = parseTarget(server.url);
      const sql = connect(target);
      try {
        for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
      } finally {
        await sql.end({ timeout: 5 });
      }
      return await work(target);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function findUpToDateStack(): Promise<Target | null> {
  let target: Target;
  try {
    target = findTarget(undefined, projectDir);
  } catch (error) {
    if (error instanceof MigrateError && error.code === "no_target") return null;
    throw error;
  }
  if (!target.isLocal) return null;
  const sql = connect(target);
  try {
    const statuses = compareMigrations(listMigrations(projectDir), await readHistory(sql));
    return statuses.every(({ state }) => state === "applied") ? target : null;
  } catch (error) {
    // A description left by a stack that was killed.
    if (hasCode(error, "ECONNREFUSED")) return null;
    throw error;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
