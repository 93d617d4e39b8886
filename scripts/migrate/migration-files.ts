import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { hasCode } from "../lib/stack-error.ts";
import { MigrateError } from "./migrate-error.ts";

/** A file of supabase/migrations. */
export interface Migration {
  /** The digits before the first underscore: the key of the history. */
  readonly version: string;
  readonly name: string;
  /** File name, the same in migrations and rollbacks. */
  readonly file: string;
  readonly path: string;
  /** Path its rollback has or should have. */
  readonly rollbackPath: string;
  readonly hasRollback: boolean;
}

/** This project's folder, which holds supabase/. */
export const projectDir = path.resolve(import.meta.dirname, "..", "..");

/**
 * Lists the migrations of a project in the order they are applied.
 *
 * @param rootDir - folder that holds supabase/
 * @returns the migrations
 * @throws MigrateError `bad_file` for a name the Supabase CLI would skip in silence, or a version
 *   that two files share
 */
export function listMigrations(rootDir: string): Migration[] {
  const migrations = sqlFiles(migrationsDir(rootDir)).map((file) => toMigration(rootDir, file));
  migrations.sort((a, b) => compareVersions(a.version, b.version));
  for (const [index, migration] of migrations.entries()) {
    const before = migrations[index - 1];
    if (before?.version === migration.version) {
      throw new MigrateError(
        "bad_file",
        `${before.file} and ${migration.file} have the same version; rename one of them.`,
      );
    }
  }
  return migrations;
}

/**
 * Lists the seed files of a project in the order they are run.
 *
 * @param rootDir - folder that holds supabase/
 * @returns absolute paths
 */
export function listSeeds(rootDir: string): string[] {
  const folder = path.join(rootDir, "supabase", "seeds");
  return sqlFiles(folder).map((file) => path.join(folder, file));
}

/** Where the migrations of a project are. */
export const migrationsDir = (rootDir: string): string => path.join(rootDir, "supabase", "migrations");

/** Where the rollbacks of a project are. */
export const rollbacksDir = (rootDir: string): string => path.join(rootDir, "supabase", "rollbacks");

/**
 * Orders versions as the database orders the history.
 *
 * @param a - a version
 * @param b - a version
 * @returns negative, zero or positive
 */
export function compareVersions(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Why a rollback cannot bring back what was there: its header line `-- irreversible: <reason>`.
 *
 * @param sql - text of the rollback
 * @returns the reason, or null when it does not declare one
 */
export function irreversibleReason(sql: string): string | null {
  const header = /^\uFEFF?(?:[ \t]*(?:--[^\n]*)?\r?\n)*(?:[ \t]*--[^\n]*)?/.exec(sql)?.[0] ?? "";
  return /^[ \t]*--[ \t]*irreversible:[ \t]*(.*?)[ \t\r]*$/im.exec(header)?.[1] ?? null;
}

/**
 * The text of a migration or rollback.
 *
 * @param file - absolute path
 * @returns its text, without a byte order mark
 */
export function readSql(file: string): string {
  return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
}

function toMigration(rootDir: string, file: string): Migration {
  const [, version, name] = /^(\d+)_(.*)\.sql$/.exec(file) ?? [];
  if (version === undefined || name === undefined) {
    throw new MigrateError(
      "bad_file",
      `supabase/migrations/${file} is not named <timestamp>_<module>_<what>.sql, so it would never be applied; rename it.`,
    );
  }
  const rollbackPath = path.join(rollbacksDir(rootDir), file);
  return {
    version,
    name,
    file,
    path: path.join(migrationsDir(rootDir), file),
    rollbackPath,
    hasRollback: existsSync(rollbackPath),
  };
}

function sqlFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".sql")).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
