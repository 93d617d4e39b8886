import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { projectDir } from "../../scripts/migrate/migration-files.ts";
import { runSupabaseCli } from "../../scripts/migrate/supabase-cli.ts";
import { parseTarget } from "../../scripts/migrate/target.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const findings = z.array(z.object({ name: z.string(), level: z.string(), detail: z.string() }));

/** What the advisors may say, and why that is no fault. */
const accepted: Readonly<Record<string, string>> = {
  unused_index: "the database is new: no index has been used yet",
  rls_enabled_no_policy: "tables of private and ops, closed to every role of the API on purpose",
};

async function advise(database: TestDatabase): Promise<z.infer<typeof findings>> {
  const result = await runSupabaseCli(["db", "advisors", "--type", "all", "--level", "info"], parseTarget(database.url), {
    rootDir: projectDir,
  });
  expect(result.failure).toBe("");
  const json = result.stdout.slice(result.stdout.indexOf("["));
  return json.trim() === "" ? [] : findings.parse(JSON.parse(json));
}

describe("S8: the Supabase advisors", async () => {
  const database = await createDatabase({ migrated: true });
  // Without this setting the advisors do not know what the API serves, and say nothing about it.
  const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`alter database "${database.name}" set pgrst.db_schemas = 'public'`);
  await admin.end();

  it("report nothing, at any level, that is not listed with a reason", async () => {
    const found = await advise(database);
    expect(found.filter(({ name }) => !(name in accepted))).toEqual([]);
    const outside = /`(private|ops)\./;
    expect(found.filter(({ name, detail }) => name === "rls_enabled_no_policy" && !outside.test(detail))).toEqual([]);
  });

  it("do report a view with its owner's rights, so their silence means something", async () => {
    await database.sql.unsafe(`
      create view public.planted as select id from public.tenants;
      grant select on public.planted to authenticated`);
    const found = await advise(database);
    expect(found.map(({ name }) => name)).toContain("security_definer_view");
  });
});
