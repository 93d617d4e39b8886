import type { CommandContext, CommandResult } from "../command.ts";
import { readHistory } from "../history.ts";
import { listMigrations } from "../migration-files.ts";
import { compareMigrations, isInOrder, type MigrationStatus } from "../state.ts";
import { connect, findTarget } from "../target.ts";

/**
 * `status`: compares the files with the database's history. Only reads, so it needs neither the
 * lock nor a confirmation.
 *
 * @param context - options and terminal
 * @returns exit code 1 when a file was edited, is missing or out of order
 */
export async function status(context: CommandContext): Promise<CommandResult> {
  const migrations = listMigrations(context.rootDir);
  const target = findTarget(context.dbUrl, context.rootDir);
  const sql = connect(target, { default_transaction_read_only: "on" });
  try {
    const statuses = compareMigrations(migrations, await readHistory(sql));
    const inOrder = isInOrder(statuses);
    if (!context.json) { for (const line of table(statuses, target.label)) context.terminal.print(line); }
    return {
      exitCode: inOrder ? 0 : 1,
      report: { database: target.label, in_order: inOrder, migrations: statuses },
    };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function table(statuses: readonly MigrationStatus[], label: string): string[] {
  if (statuses.length === 0) return [`${label}: no migrations.`];
  const width = Math.max(...statuses.map(({ file }) => file.length));
  const lines = statuses.map(({ file, state, rollback }) => {
    const remark = rollback === "present" || state === "missing" ? "" : `rollback ${rollback}`;
    return `  ${file.padEnd(width)}  ${state.padEnd("out of order".length)}  ${remark}`.trimEnd();
  });
  const count = (state: MigrationStatus["state"]): string => {
    const number = statuses.filter((each) => each.state === state).length;
    return number === 0 ? "" : `${number} ${state}`;
  };
  const states = ["applied", "pending", "edited", "missing", "out of order"] as const;
  return [...lines, `${label}: ${states.map(count).filter((text) => text !== "").join(", ")}.`];
}
