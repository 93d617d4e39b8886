import postgres from "postgres";
import { expect, it } from "vitest";
import { describeDifference, diffFingerprints } from "../../scripts/catalog/fingerprint-diff.ts";
import { type Fingerprint, readFingerprint } from "../../scripts/catalog/fingerprint.ts";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import { type DefaultPrivileges, setDefaultPrivileges } from "../../scripts/stack/postgres/cluster.ts";
import { createDatabase } from "../helpers/database.ts";

interface Outcome {
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** Whether a visitor may read a table that is made without a word about rights. */
  readonly opensTables: boolean;
}

async function migrateUnder(defaultPrivileges: DefaultPrivileges): Promise<Outcome> {
  const { adminUrl, sql } = await createDatabase();
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await setDefaultPrivileges(admin, defaultPrivileges).finally(() => admin.end({ timeout: 5 }));
  await sql`create table public.probe (id integer)`;
  const [probe] = await sql<{ open: boolean }[]>`select has_table_privilege('anon', 'public.probe', 'select') as open`;
  await sql`drop table public.probe`;
  const before = await readFingerprint(sql);
  for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
  return { before, after: await readFingerprint(sql), opensTables: probe?.open === true };
}

/** What the migrations made: the regimes themselves differ before the first one. */
function made({ before, after }: Outcome): Fingerprint {
  const entries = Object.entries(after.entries).filter(([name, definition]) => before.entries[name] !== definition);
  return { ...after, entries: Object.fromEntries(entries) };
}

it("S2: the schema and its grants are the same under Supabase's old default privileges and the new ones", async () => {
  const granted = await migrateUnder("granted");
  const revoked = await migrateUnder("revoked");
  expect([granted.opensTables, revoked.opensTables], "the regimes do differ").toEqual([true, false]);
  expect(Object.keys(made(revoked).entries).length).toBeGreaterThan(500);
  expect(describeDifference(diffFingerprints(made(granted), made(revoked)))).toBe("");
});
