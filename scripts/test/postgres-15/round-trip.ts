import { describeDifference, diffFingerprints } from "../../catalog/fingerprint-diff.ts";
import { type Fingerprint, readFingerprint } from "../../catalog/fingerprint.ts";
import { applyMigration, rollBackMigrations } from "../../migrate/apply.ts";
import { listMigrations, projectDir } from "../../migrate/migration-files.ts";
import { withSql } from "../with-sql.ts";
import type { ProveResult } from "./prove.ts";

const MAX_LINES = 40;

/**
 * Rolls all migrations of a database back and applies them again.
 *
 * @param emptyUrl - a database as it was before the first migration, as postgres
 * @param migratedUrl - a copy of that one with all migrations, as postgres; it ends as it began
 * @returns two tests, of the way down and the way up, and the differences that they left
 * @throws MigrateError with the statement that failed
 */
export async function roundTrip(emptyUrl: string, migratedUrl: string): Promise<ProveResult> {
  const migrations = listMigrations(projectDir);
  const empty = await withSql(emptyUrl, readFingerprint);
  return withSql(migratedUrl, async (sql) => {
    const complete = await readFingerprint(sql);
    await rollBackMigrations(sql, migrations.toReversed());
    const rolledBack = await readFingerprint(sql);
    for (const migration of migrations) await applyMigration(sql, migration);
    const differences = [
      told("Rolled back, the schema is not what it was before the migrations", empty, rolledBack),
      told("Applied again, the schema is another", complete, await readFingerprint(sql)),
    ].filter((difference) => difference !== "");
    return { passed: 2 - differences.length, failed: differences.length, output: differences.join("\n") };
  });
}

function told(what: string, before: Fingerprint, after: Fingerprint): string {
  const lines = describeDifference(diffFingerprints(before, after)).split("\n");
  return lines[0] === "" ? "" : [`${what}:`, ...lines.slice(0, MAX_LINES)].join("\n");
}
