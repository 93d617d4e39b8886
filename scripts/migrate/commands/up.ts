import { type CommandContext, type CommandResult, seconds } from "../command.ts";
import { confirmTarget } from "../confirm.ts";
import { notifyApi, readHistory } from "../history.ts";
import { withMigrationLock } from "../lock.ts";
import { MigrateError } from "../migrate-error.ts";
import { listMigrations, migrationsDir, readSql } from "../migration-files.ts";
import { compareMigrations, type MigrationStatus } from "../state.ts";
import { splitStatements } from "../statements.ts";
import { runSupabaseCli } from "../supabase-cli.ts";
import { findTarget, type Target } from "../target.ts";
import path from "node:path";

/** A migration that was applied, and how long it took. */
export interface AppliedFile {
  readonly file: string;
  readonly milliseconds: number;
}

/**
 * `up`: applies what is pending through the Supabase CLI, each file in a transaction of its own.
 *
 * @param context - options and terminal
 * @returns the files that were applied
 * @throws MigrateError `out_of_step` before anything is done, `migration_failed` at the first file that fails
 */
export async function up(context: CommandContext): Promise<CommandResult> {
  const { rootDir, terminal } = context;
  const migrations = listMigrations(rootDir);
  const target = findTarget(context.dbUrl, rootDir);
  await confirmTarget(target, "Apply the pending migrations", context);
  const onWait = (holder: string): void => terminal.tell(`Waiting for another run: ${holder}.`);
  const applied = await withMigrationLock(
    target,
    { command: "up", wait: context.wait, onWait },
    async (sql) => {
      const statuses = compareMigrations(migrations, await readHistory(sql));
      const includeOlder = refuseDisorder(statuses, context.force);
      if (!statuses.some(({ state }) => state === "pending" || state === "out of order")) return [];
      const files = await push(target, context, includeOlder);
      await notifyApi(sql);
      return files;
    },
  );
  if (!context.json) {
    terminal.print(applied.length === 0 ? `Nothing to apply to ${target.label}.` : summary(applied, target));
  }
  return { exitCode: 0, report: { applied } };
}

function refuseDisorder(statuses: readonly MigrationStatus[], force: boolean): boolean {
  const list = (state: MigrationStatus["state"]): string[] =>
    statuses.filter((status) => status.state === state).map((status) => `  ${state}: ${status.file}`);
  const missing = list("missing");
  if (missing.length > 0) {
    const versions = statuses.filter(({ state }) => state === "missing").map(({ version }) => version).join(
      " ",
    );
    throw new MigrateError(
      "out_of_step",
      "The database has migrations whose files are gone. Bring the files back (git), or, if they are meant to be " +
        `forgotten: npx supabase migration repair --status reverted ${versions}. --force does not help here.`,
      missing.join("\n"),
    );
  }
  const edited = list("edited");
  const older = list("out of order");
  if (!force && edited.length + older.length > 0) {
    const advice = [
      ...(edited.length > 0
        ? ["An applied file was edited: put it back as it was and write the change as a new migration."]
        : []),
      ...(older.length > 0
        ? ["A file is older than the newest applied one: give it a newer timestamp, in rollbacks too."]
        : []),
      "With --force up goes on: edited files stay as they were applied, older ones are applied now.",
    ];
    throw new MigrateError("out_of_step", advice.join(" "), [...edited, ...older].join("\n"));
  }
  return older.length > 0;
}

async function push(target: Target, context: CommandContext, includeOlder: boolean): Promise<AppliedFile[]> {
  const applied: AppliedFile[] = [];
  let current: string | null = null;
  let started = performance.now();
  const finish = (): void => {
    if (current === null) return;
    const milliseconds = Math.round(performance.now() - started);
    applied.push({ file: current, milliseconds });
    if (!context.json) context.terminal.tell(`  applied ${current}  ${seconds(milliseconds)}`);
  };
  const result = await runSupabaseCli(
    ["db", "push", "--yes", "--output-format", "json", ...(includeOlder ? ["--include-all"] : [])],
    target,
    {
      rootDir: context.rootDir,
      onProgress: (line) => {
        const file = /^Applying migration (.+\.sql)\.\.\.$/.exec(line)?.[1];
        if (file === undefined) {
          return;
        }
        finish();
        current = file;
        started = performance.now();
      },
    },
  );
  if (!result.ok) throw failureOf(result.failure, current, applied.length, context.rootDir);
  finish();
  return applied;
}

function failureOf(failure: string, file: string | null, before: number, rootDir: string): MigrateError {
  if (file === null) return new MigrateError("cli_failed", "The Supabase CLI applied nothing.", failure);
  const kept = before === 0
    ? "Nothing was applied."
    : before === 1
    ? "The file before it stays applied."
    : `The ${before} files before it stay applied.`;
  const index = Number(/^At statement: (\d+)$/m.exec(failure)?.[1] ?? Number.NaN);
  const text = readSql(path.join(migrationsDir(rootDir), file));
  const statement = splitStatements(text)[index];
  const place = statement === undefined
    ? ""
    : ` at statement ${index + 1}, line ${text.slice(0, statement.start).split("\n").length}`;
  // The CLI runs these outside a transaction, after committing what stands before them.
  const isSplit = /\bconcurrently\b|\bvacuum\b/i.test(text);
  const half = isSplit
    ? "It holds a statement that runs outside a transaction, so what stands before that statement may have been kept: look."
    : "Nothing of it was kept.";
  return new MigrateError(
    "migration_failed",
    `${file} failed${place}. ${half} ${kept}`,
    failure.replace(/^At statement: \d+\n?/m, ""),
  );
}

function summary(applied: readonly AppliedFile[], target: Target): string {
  const total = applied.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return `Applied ${applied.length} migration${applied.length === 1 ? "" : "s"} to ${target.label} in ${
    seconds(total)
  }.`;
}
