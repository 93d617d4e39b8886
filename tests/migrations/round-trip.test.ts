import { beforeAll, describe, expect, it } from "vitest";
import type postgres from "postgres";
import { type Fingerprint, readFingerprint } from "../../scripts/catalog/fingerprint.ts";
import { describeDifference, diffFingerprints } from "../../scripts/catalog/fingerprint-diff.ts";
import { applyMigration, rollBackMigrations } from "../../scripts/migrate/apply.ts";
import { listMigrations, type Migration, projectDir } from "../../scripts/migrate/migration-files.ts";
import { createDatabase } from "../helpers/database.ts";
import { findEmptyTables, fragmentNames, loadRows } from "./rows.ts";
import { compareStates, readState, type State } from "./state.ts";

/** What one migration's up, down, up came to; empty texts are good. */
interface RoundTrip {
  readonly emptyTables: readonly string[];
  readonly changesSomething: boolean;
  /** How the database after down differs from the one before up. */
  readonly leftByDown: string;
  /** How the schema after the second up differs from the one after the first. */
  readonly secondUp: string;
}

const migrations = listMigrations(projectDir);
const roundTrips = new Map<string, RoundTrip | Error>();
let sql: postgres.Sql;
let untouched: State;
let complete: Fingerprint;

// One walk up through all migrations, each with the rows of those below it in place.
beforeAll(async () => {
  sql = (await createDatabase()).sql;
  await loadRows(sql, null);
  untouched = await readState(sql);
  for (const migration of migrations) {
    roundTrips.set(migration.name, await roundTrip(migration).catch(toError));
  }
  complete = await readFingerprint(sql);
});

describe("each migration, with rows in the tables", () => {
  it.each(migrations)("$name: down undoes up, and up can follow", ({ name }) => {
    const found = roundTrips.get(name);
    if (found === undefined || found instanceof Error) throw found ?? new Error("It was not reached.");
    expect(found.changesSomething, "up changed nothing").toBe(true);
    expect(found.emptyTables).toEqual([]);
    expect(found.leftByDown, "down did not bring back the state before").toBe("");
    expect(found.secondUp, "up after down gave something else").toBe("");
  });
});

it("all migrations down to nothing leave the database untouched, and all go up again", async () => {
  await rollBackMigrations(sql, migrations.toReversed());
  const state = await readState(sql);
  expect(compareStates(untouched, state)).toBe("");
  for (const migration of migrations) await applyMigration(sql, migration);
  expect(describeDifference(diffFingerprints(complete, await readFingerprint(sql)))).toBe("");
});

it("rows are written for migrations that exist", () => {
  const known = migrations.map(({ name }) => name);
  expect(fragmentNames.filter((name) => !known.includes(name))).toEqual([]);
});

/** Leaves the migration applied and its rows loaded, for the next one. */
async function roundTrip(migration: Migration): Promise<RoundTrip> {
  const before = await readState(sql);
  await applyMigration(sql, migration);
  const first = await readFingerprint(sql);
  await loadRows(sql, migration);
  const emptyTables = await findEmptyTables(sql, migration);
  await rollBackMigrations(sql, [migration]);
  const after = await readState(sql);
  await applyMigration(sql, migration);
  const second = await readFingerprint(sql);
  await loadRows(sql, migration);
  return {
    emptyTables,
    changesSomething: first.sha256 !== before.schema.sha256,
    leftByDown: compareStates(before, after),
    secondUp: describeDifference(diffFingerprints(first, second)),
  };
}

function toError(error: unknown): Error {
  const detail = error instanceof Error && "detail" in error ? `\n${String(error.detail)}` : "";
  return new Error(`${error instanceof Error ? error.message : String(error)}${detail}`, { cause: error });
}
