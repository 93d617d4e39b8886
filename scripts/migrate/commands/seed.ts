import path from "node:path";
import { runScript } from "../apply.ts";
import { type CommandContext, type CommandResult, seconds } from "../command.ts";
import { confirmTarget } from "../confirm.ts";
import { withMigrationLock } from "../lock.ts";
import { listSeeds, readSql } from "../migration-files.ts";
import { findTarget } from "../target.ts";

/**
 * `seed`: runs supabase/seeds/*.sql in order, each in a transaction of its own. The files are
 * written so that running them again changes nothing.
 *
 * @param context - options and terminal
 * @returns the files that were run
 * @throws MigrateError `seed_failed`; nothing of that file is kept
 */
export async function seed(context: CommandContext): Promise<CommandResult> {
  const { rootDir, terminal } = context;
  const files = listSeeds(rootDir);
  const target = findTarget(context.dbUrl, rootDir);
  await confirmTarget(target, "Run the seeds", context);
  const onWait = (holder: string): void => terminal.tell(`Waiting for another run: ${holder}.`);
  await withMigrationLock(target, { command: "seed", wait: context.wait, onWait }, async (sql) => {
    for (const file of files) {
      const name = path.relative(rootDir, file);
      const started = performance.now();
      await sql.begin((transaction) => runScript(transaction, readSql(file), "seed_failed", name));
      if (!context.json) terminal.tell(`  ${name}  ${seconds(performance.now() - started)}`);
    }
  });
  const seeds = files.map((file) => path.relative(rootDir, file));
  if (!context.json) {
    terminal.print(`Ran ${seeds.length} seed file${seeds.length === 1 ? "" : "s"} on ${target.label}.`);
  }
  return { exitCode: 0, report: { seeds } };
}
