import { type CommandContext, type CommandResult, seconds } from "../command.ts";
import { confirmLoss, confirmTarget } from "../confirm.ts";
import { notifyApi } from "../history.ts";
import { withMigrationLock } from "../lock.ts";
import { MigrateError } from "../migrate-error.ts";
import { listMigrations } from "../migration-files.ts";
import { runSupabaseCli } from "../supabase-cli.ts";
import { findTarget } from "../target.ts";

/**
 * `reset`: drops everything the migrations made, empties the auth tables, applies all migrations
 * and runs the seeds. Sessions of a running stack stay connected; the CLI waits for their locks.
 *
 * @param context - options and terminal
 * @returns the files that were applied
 * @throws MigrateError `not_confirmed`, `cli_failed` with what the CLI said
 */
export async function reset(context: CommandContext): Promise<CommandResult> {
  const { rootDir, terminal } = context;
  listMigrations(rootDir);
  const target = findTarget(context.dbUrl, rootDir);
  if (!target.isLocal && !context.force) {
    throw new MigrateError(
      "not_confirmed",
      `reset would delete every row and every account (auth.users) of ${target.label}, which is not on this machine. Nothing was done; if that is meant, add --force.`,
    );
  }
  await confirmTarget(
    target,
    "Delete every row and every account, then apply all migrations and seeds,",
    context,
  );
  if (target.isLocal) await confirmLoss(`All rows and accounts of ${target.label} will be deleted.`, context);
  const onWait = (holder: string): void => terminal.tell(`Waiting for another run: ${holder}.`);
  const started = performance.now();
  const applied: string[] = [];
  const seeds: string[] = [];
  await withMigrationLock(target, { command: "reset", wait: context.wait, onWait }, async (sql) => {
    if (!context.json) terminal.tell(`Emptying ${target.label}`);
    const result = await runSupabaseCli(["db", "reset", "--yes", "--output-format", "json"], target, {
      rootDir,
      onProgress: (line) => {
        const migration = /^Applying migration (.+\.sql)\.\.\.$/.exec(line)?.[1];
        const seed = /^Seeding data from (.+\.sql)\.\.\.$/.exec(line)?.[1];
        if (migration !== undefined) applied.push(migration);
        if (seed !== undefined) seeds.push(seed);
        if (!context.json && migration !== undefined) terminal.tell(`  ${migration}`);
        if (!context.json && seed !== undefined) terminal.tell(`  ${seed}`);
      },
    });
    // Even a half-done reset has changed the schema.
    await notifyApi(sql);
    if (!result.ok) {
      const last = seeds.at(-1) ?? applied.at(-1);
      const where = last === undefined
        ? "while emptying the database."
        : `at ${last}; what came before it is in place. Mend it and reset again.`;
      throw new MigrateError("cli_failed", `The reset failed ${where}`, result.failure);
    }
  });
  if (!context.json) {
    terminal.print(
      `Reset ${target.label}: ${applied.length} migrations and ${seeds.length} seed files in ${
        seconds(performance.now() - started)
      }.`,
    );
  }
  return { exitCode: 0, report: { applied, seeds } };
}
