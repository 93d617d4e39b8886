import { existsSync } from "node:fs";
import path from "node:path";
import type postgres from "postgres";
import { setTimeout as sleep } from "node:timers/promises";
import { rollBackMigrations } from "../apply.ts";
import { type CommandContext, type CommandResult, seconds } from "../command.ts";
import { confirmTarget } from "../confirm.ts";
import { notifyApi, readHistory } from "../history.ts";
import { withMigrationLock } from "../lock.ts";
import { MigrateError } from "../migrate-error.ts";
import { compareVersions, irreversibleReason, readSql, rollbacksDir } from "../migration-files.ts";
import { findTarget } from "../target.ts";

const ATTEMPTS = 3;

interface RollbackFile {
  readonly version: string;
  readonly file: string;
  readonly rollbackPath: string;
}

/**
 * `down [n]`: takes the newest n migrations back, newest first, all in one transaction.
 *
 * @param context - options and terminal
 * @param count - how many
 * @returns the files that were taken back
 * @throws MigrateError `rollback_missing` or `irreversible` before anything is done, `rollback_failed` with all of them still applied
 */
export async function down(context: CommandContext, count: number): Promise<CommandResult> {
  const { rootDir, terminal } = context;
  const target = findTarget(context.dbUrl, rootDir);
  await confirmTarget(
    target,
    `Take the newest ${count} migration(s) back, with the rows that belong to them`,
    context,
  );
  const onWait = (holder: string): void => terminal.tell(`Waiting for another run: ${holder}.`);
  // Short: a rollback that queues for a lock makes everybody else queue behind it.
  const options = { command: "down", wait: context.wait, onWait, lockTimeout: "3s" };
  const rolledBack = await withMigrationLock(target, options, async (sql) => {
    const history = await readHistory(sql);
    const newest = history.toSorted((a, b) => compareVersions(b.version, a.version)).slice(0, count);
    if (newest.length < count && newest.length > 0) {
      terminal.tell(`Only ${newest.length} migration(s) are applied.`);
    }
    const files = newest.map(({ version, name }) => findRollback(rootDir, version, name, context.force));
    if (files.length === 0) return [];
    const started = performance.now();
    await rollBackPatiently(sql, files, (line) => terminal.tell(line));
    await notifyApi(sql);
    if (!context.json) {
      for (const { file } of files) terminal.tell(`  took back ${file}`);
      terminal.print(
        `Took back ${files.length} migration${files.length === 1 ? "" : "s"} of ${target.label} in ${
          seconds(performance.now() - started)
        }.`,
      );
    }
    return files.map(({ file }) => file);
  });
  if (rolledBack.length === 0 && !context.json) terminal.print(`Nothing is applied to ${target.label}.`);
  return { exitCode: 0, report: { rolled_back: rolledBack } };
}

function findRollback(rootDir: string, version: string, name: string, force: boolean): RollbackFile {
  const file = `${version}_${name}.sql`;
  const rollbackPath = path.join(rollbacksDir(rootDir), file);
  if (!existsSync(rollbackPath)) {
    throw new MigrateError(
      "rollback_missing",
      `${file} has no rollback: write supabase/rollbacks/${file} first. Nothing was done.`,
    );
  }
  const reason = irreversibleReason(readSql(rollbackPath));
  if (reason !== null && !force) {
    throw new MigrateError(
      "irreversible",
      `${file} cannot be undone: ${reason} Nothing was done; --force runs its rollback all the same.`,
    );
  }
  return { version, file, rollbackPath };
}

async function rollBackPatiently(
  sql: postgres.Sql,
  files: readonly RollbackFile[],
  tell: (line: string) => void,
): Promise<void> {
  for (let attempt = 1;; attempt += 1) {
    try {
      await rollBackMigrations(sql, files);
      return;
    } catch (error) {
      // lock_not_available: the transaction is gone as a whole, so it can simply be tried again.
      const isLocked = error instanceof MigrateError && error.detail?.includes("(SQLSTATE 55P03)") === true;
      if (!isLocked || attempt === ATTEMPTS) throw error;
      tell(`A table is in use by another session; trying again (${attempt + 1} of ${ATTEMPTS}).`);
      await sleep(500 * attempt);
    }
  }
}
