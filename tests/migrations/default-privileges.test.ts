import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { expect, it } from "vitest";
import { describeDifference, diffFingerprints } from "../../scripts/catalog/fingerprint-diff.ts";
import { type Fingerprint, readFingerprint } from "../../scripts/catalog/fingerprint.ts";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import type { DefaultPrivileges } from "../../scripts/stack/postgres/cluster.ts";
import { startPostgres } from "../../scripts/stack/postgres/server.ts";

interface Outcome {
  readonly before: Fingerprint;
  readonly after: Fingerprint;
}

async function migrateUnder(defaultPrivileges: DefaultPrivileges): Promise<Outcome> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-privileges-"));
  const server = await startPostgres({ dataDir: path.join(folder, "data"), port: 0, defaultPrivileges });
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  try {
    const before = await readFingerprint(sql);
    for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
    return { before, after: await readFingerprint(sql) };
  } finally {
    await sql.end({ timeout: 5 });
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the migrations made: the regimes themselves differ before the first one. */
function made({ before, after }: Outcome): Fingerprint {
  const entries = Object.entries(after.entries).filter(([name, definition]) => before.entries[name] !== definition);
  return { ...after, entries: Object.fromEntries(entries) };
}

it("S2: the schema and its grants are the same under Supabase's old default privileges and the new ones", async () => {
  const granted = await migrateUnder("granted");
  const revoked = await migrateUnder("revoked");
  expect(describeDifference(diffFingerprints(granted.before, revoked.before)), "the regimes do differ").not.toBe("");
  expect(Object.keys(made(revoked).entries).length).toBeGreaterThan(500);
  expect(describeDifference(diffFingerprints(made(granted), made(revoked)))).toBe("");
});
