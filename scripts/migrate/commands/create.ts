import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hasCode } from "../../lib/stack-error.ts";
import type { CommandContext, CommandResult } from "../command.ts";
import { MigrateError } from "../migrate-error.ts";
import { listMigrations, migrationsDir, rollbacksDir } from "../migration-files.ts";

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+){1,4}$/;

/**
 * `create <name>`: makes an empty migration and its rollback.
 *
 * @param context - options and terminal
 * @param name - module and subject, such as `core_tenants`
 * @param now - the time it is stamped with
 * @returns the two paths
 * @throws MigrateError `usage` for a name that is badly formed or in use
 */
export function create(context: CommandContext, name: string, now: Date = new Date()): CommandResult {
  if (!NAME.test(name)) {
    throw new MigrateError(
      "usage",
      `"${name}" is no name for a migration: two to five lower-case words joined by "_", the module first, such as core_tenants.`,
    );
  }
  const migrations = listMigrations(context.rootDir);
  const namesake = migrations.find((migration) => migration.name === name);
  if (namesake !== undefined) {
    throw new MigrateError("usage", `${namesake.file} has that name already; choose another one.`);
  }
  const file = `${nextVersion(now, migrations.at(-1)?.version)}_${name}.sql`;
  const migration = path.join(migrationsDir(context.rootDir), file);
  const rollback = path.join(rollbacksDir(context.rootDir), file);
  writeNew(migration, MIGRATION);
  try {
    writeNew(rollback, ROLLBACK);
  } catch (error) {
    rmSync(migration);
    throw error;
  }
  const made = [migration, rollback].map((each) => path.relative(context.rootDir, each));
  if (!context.json) { for (const each of made) context.terminal.print(each); }
  return { exitCode: 0, report: { created: made } };
}

const MIGRATION = `-- What: one sentence on what is there afterwards. (requirement numbers)
-- Why: what it is for; the choice that was made and the one that was not.
-- Hard to undo: what its rollback cannot bring back.

`;

const ROLLBACK = `-- Undoes the migration of the same name, in reverse order, in one transaction.
-- What is lost: say which rows. If nothing can bring the old state back, say so instead in a line
-- that begins with the word irreversible and a colon: down then refuses without --force.

`;

function nextVersion(now: Date, newest: string | undefined): string {
  const stamp = (time: Date): string => time.toISOString().replace(/\D/g, "").slice(0, 14);
  const version = stamp(now);
  if (newest === undefined || version > newest) return version;
  // Made in the same second, or on a machine whose clock is behind: it must still come last.
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(newest)?.slice(1).map(Number);
  if (parts === undefined) return String(BigInt(newest) + 1n);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const next = stamp(new Date(Date.UTC(year, month - 1, day, hour, minute, second + 1)));
  return next > newest ? next : String(BigInt(newest) + 1n);
}

function writeNew(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    if (hasCode(error, "EEXIST")) {
      throw new MigrateError("usage", `${path.basename(file)} exists; nothing was written.`);
    }
    throw error;
  }
}
