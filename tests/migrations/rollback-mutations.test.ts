import type postgres from "postgres";
import { expect, it } from "vitest";
import { readFingerprintWithin } from "../../scripts/catalog/fingerprint.ts";
import { applyMigration, runScript } from "../../scripts/migrate/apply.ts";
import {
  listMigrations,
  type Migration,
  projectDir,
  readSql,
} from "../../scripts/migrate/migration-files.ts";
import { isComment, splitStatements } from "../../scripts/migrate/statements.ts";
import { createDatabase } from "../helpers/database.ts";
import { digestRows, loadRows } from "./rows.ts";
import { compareStates, readState, type State } from "./state.ts";

/** Statements that may be missing without anything going wrong, each with its reason. */
const SURVIVORS: Readonly<Record<string, string>> = {};

it("a rollback without one of its statements never passes the round trip", async () => {
  const { sql } = await createDatabase();
  await loadRows(sql, null);
  let count = 0;
  const survivors: string[] = [];
  const failing: string[] = [];
  for (const migration of listMigrations(projectDir)) {
    const below = await readState(sql);
    await applyMigration(sql, migration);
    await loadRows(sql, migration);
    const statements = splitStatements(readSql(migration.rollbackPath)).map(({ text }) => text).filter((
      text,
    ) => !isComment(text));
    for (const removed of statements) {
      const rest = statements.filter((statement) => statement !== removed);
      count += 1;
      if (await passes(sql, migration, rest, below)) {
        survivors.push(`${migration.name}: ${removed.split("\n").at(-1) ?? ""}`);
      }
    }
    // The whole rollback passes, or what was found above would mean nothing.
    if (!(await passes(sql, migration, statements, below))) failing.push(migration.name);
  }
  console.log(`${count} rollbacks with a statement removed, ${survivors.length} unnoticed`);
  expect(count).toBeGreaterThan(0);
  expect(failing, "these fail with all their statements").toEqual([]);
  expect(survivors.sort()).toEqual(Object.keys(SURVIVORS).sort());
}, 1_800_000);

/** Whether statements bring the state below back and the migration can follow. Nothing is kept. */
async function passes(
  sql: postgres.Sql,
  migration: Migration,
  rollback: readonly string[],
  below: State,
): Promise<boolean> {
  let passed = false;
  const undo = new Error("Undo everything.");
  try {
    await sql.begin(async (transaction) => {
      await transaction`reset all`;
      for (const statement of rollback) await transaction.unsafe(statement).simple();
      const state = { schema: await readFingerprintWithin(transaction), rows: await digestRows(transaction) };
      // What the catalogue does not show may still stop the way up.
      if (compareStates(below, state) === "") {
        await runScript(transaction, readSql(migration.path), "migration_failed", migration.file);
        passed = true;
      }
      throw undo;
    });
  } catch {
    // Either ours or a statement that failed; both leave the database as it was.
  }
  return passed;
}
