import type { AppliedMigration } from "./history.ts";
import { compareVersions, irreversibleReason, type Migration, readSql } from "./migration-files.ts";
import { matchesStatements } from "./statements.ts";

/**
 * How a migration stands: `edited` after it was applied; `missing`: applied, but its file is gone;
 * `out of order`: not applied, though a newer one is.
 */
export type MigrationState = "applied" | "pending" | "edited" | "missing" | "out of order";

/** One line of the status. */
export interface MigrationStatus {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly state: MigrationState;
  readonly rollback: "present" | "missing" | "irreversible";
}

/**
 * Compares a project's files with a database's history.
 *
 * @param migrations - files, as `listMigrations` returns them
 * @param history - rows, as `readHistory` returns them
 * @returns a status for each migration that either side knows, in order
 */
export function compareMigrations(
  migrations: readonly Migration[],
  history: readonly AppliedMigration[],
): MigrationStatus[] {
  const applied = new Map(history.map((row) => [row.version, row]));
  const files = new Set(migrations.map((migration) => migration.version));
  const newest = history.reduce(
    (max, row) => (compareVersions(row.version, max) > 0 ? row.version : max),
    "",
  );
  const known = migrations.map((migration): MigrationStatus => ({
    version: migration.version,
    name: migration.name,
    file: migration.file,
    state: stateOf(migration, applied.get(migration.version), newest),
    rollback: rollbackOf(migration),
  }));
  const gone = history.filter((row) => !files.has(row.version)).map((row): MigrationStatus => ({
    version: row.version,
    name: row.name,
    file: `${row.version}_${row.name}.sql`,
    state: "missing",
    rollback: "missing",
  }));
  return [...known, ...gone].sort((a, b) => compareVersions(a.version, b.version));
}

/**
 * Whether the files and the database agree: nothing edited, missing or out of order.
 *
 * @param statuses - as `compareMigrations` returns them
 * @returns true when `up` may go on
 */
export function isInOrder(statuses: readonly MigrationStatus[]): boolean {
  return statuses.every(({ state }) => state === "applied" || state === "pending");
}

function stateOf(migration: Migration, row: AppliedMigration | undefined, newest: string): MigrationState {
  if (row === undefined) return compareVersions(migration.version, newest) < 0 ? "out of order" : "pending";
  // Without recorded statements (another tool's history) nothing can be said.
  if (row.statements === null || row.statements.length === 0) return "applied";
  return matchesStatements(readSql(migration.path), row.statements) ? "applied" : "edited";
}

function rollbackOf(migration: Migration): MigrationStatus["rollback"] {
  if (!migration.hasRollback) return "missing";
  return irreversibleReason(readSql(migration.rollbackPath)) === null ? "present" : "irreversible";
}
