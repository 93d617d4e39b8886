import type postgres from "postgres";
import { type Fingerprint, readFingerprint } from "../../scripts/catalog/fingerprint.ts";
import { describeDifference, diffFingerprints } from "../../scripts/catalog/fingerprint-diff.ts";
import { digestRows } from "./rows.ts";

/** Schema and rows of a database. */
export interface State {
  readonly schema: Fingerprint;
  readonly rows: Readonly<Record<string, string>>;
}

/**
 * Reads schema and rows.
 *
 * @param sql - connection as `postgres`
 * @returns the state
 */
export async function readState(sql: postgres.Sql): Promise<State> {
  return { schema: await readFingerprint(sql), rows: await digestRows(sql) };
}

/**
 * Tells how two states differ.
 *
 * @param before - the first
 * @param after - the second
 * @returns the text; empty when they are equal
 */
export function compareStates(before: State, after: State): string {
  const names = new Set([...Object.keys(before.rows), ...Object.keys(after.rows)]);
  const rows = [...names].filter((name) => before.rows[name] !== after.rows[name]);
  const schema = describeDifference(diffFingerprints(before.schema, after.schema));
  const told = rows.map((name) =>
    `~ rows of ${name}: ${before.rows[name] ?? "no table"}, then ${after.rows[name] ?? "no table"}`
  );
  return [schema, ...told].filter((line) => line !== "").join("\n");
}
