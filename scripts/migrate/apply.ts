import type postgres from "postgres";
import { messageOf } from "../lib/stack-error.ts";
import { createHistory } from "./history.ts";
import { MigrateError, type MigrateErrorCode } from "./migrate-error.ts";
import { type Migration, readSql } from "./migration-files.ts";
import { isComment, splitStatements } from "./statements.ts";

/**
 * Applies one migration in one transaction, together with its row of the history: what the Supabase
 * CLI does, without starting it. For tests and throw-away databases; `up` calls the CLI itself.
 *
 * @param sql - connection as `postgres`
 * @param migration - file to apply
 * @throws MigrateError `migration_failed` with the statement; nothing of the file is kept
 */
export async function applyMigration(sql: postgres.Sql, migration: Migration): Promise<void> {
  const text = readSql(migration.path);
  await createHistory(sql);
  await sql.begin(async (transaction) => {
    await runScript(transaction, text, "migration_failed", migration.file);
    await transaction`
      insert into supabase_migrations.schema_migrations (version, name, statements)
      values (${migration.version}, ${migration.name}, ${
      splitStatements(text).map((statement) => statement.text)
    })
    `;
  });
}

/**
 * Takes migrations back in one transaction, with their rows of the history.
 *
 * @param sql - connection as `postgres`
 * @param migrations - newest first
 * @param onDone - told each migration that was taken back (the transaction may still fail)
 * @throws MigrateError `rollback_failed` with the statement; then all of them stay applied
 */
export async function rollBackMigrations(
  sql: postgres.Sql,
  migrations: readonly Pick<Migration, "version" | "file" | "rollbackPath">[],
  onDone: (migration: Pick<Migration, "version" | "file" | "rollbackPath">) => void = () => undefined,
): Promise<void> {
  await sql.begin(async (transaction) => {
    for (const migration of migrations) {
      await runScript(
        transaction,
        readSql(migration.rollbackPath),
        "rollback_failed",
        `rollbacks/${migration.file}`,
      );
      const deleted = await transaction`
        delete from supabase_migrations.schema_migrations where version = ${migration.version}
      `;
      if (deleted.count !== 1) {
        throw new MigrateError(
          "rollback_failed",
          `${migration.file} is not in the history of this database.`,
        );
      }
      onDone(migration);
    }
  });
}

/**
 * Runs a script inside a transaction, with the session settings a new session has.
 *
 * @param transaction - open transaction
 * @param text - the script
 * @param code - error code when a statement fails
 * @param label - the file's name for the message
 * @throws MigrateError with the given code, the statement and its line
 */
export async function runScript(
  transaction: postgres.TransactionSql,
  text: string,
  code: MigrateErrorCode,
  label: string,
): Promise<void> {
  const statements = splitStatements(text).filter((statement) => !isComment(statement.text));
  const ending = statements.find((statement) =>
    /^(begin|start|commit|end|rollback|abort)\b(?! to\b)/i.test(withoutComments(statement.text))
  );
  if (ending !== undefined) {
    throw new MigrateError(
      code,
      `${label} runs in one transaction and must not hold "${firstLine(ending.text)}"; take it out.`,
    );
  }
  // The CLI does the same before each file; it also undoes what the file before has set.
  await transaction`reset all`;
  for (const { text: statement, start } of statements) {
    try {
      await transaction.unsafe(statement).simple();
    } catch (error) {
      const body = withoutComments(statement);
      const line = text.slice(0, start + statement.length - body.length).split("\n").length;
      throw new MigrateError(
        code,
        `${label} failed at line ${line}.`,
        `${describeError(error)}\n${excerpt(body)}`,
      );
    }
  }
}

/**
 * What the database said.
 *
 * @param error - what postgres.js threw
 * @returns message with SQLSTATE, detail and hint, a line each
 */
export function describeError(error: unknown): string {
  const code = textField(error, "code");
  const lines = [`ERROR: ${messageOf(error)}${code === undefined ? "" : ` (SQLSTATE ${code})`}`];
  for (const name of ["detail", "hint"]) {
    const value = textField(error, name);
    if (value !== undefined) lines.push(`${name.toUpperCase()}: ${value}`);
  }
  return lines.join("\n");
}

/**
 * The beginning of a statement, for messages.
 *
 * @param statement - its text
 * @returns at most six lines
 */
export function excerpt(statement: string): string {
  const lines = statement.split("\n");
  return lines.length <= 6 ? statement : `${lines.slice(0, 6).join("\n")}\n...`;
}

function textField(error: unknown, name: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === "string" ? value : undefined;
}

function withoutComments(statement: string): string {
  return statement.replace(/^(?:\s*--[^\n]*\n|\s*\/\*[\s\S]*?\*\/)*\s*/, "");
}

function firstLine(statement: string): string {
  return withoutComments(statement).split("\n")[0] ?? "";
}
