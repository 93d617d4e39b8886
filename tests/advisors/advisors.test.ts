import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import { runSupabaseCli } from "../../scripts/migrate/supabase-cli.ts";
import { parseTarget } from "../../scripts/migrate/target.ts";
import { type DefaultPrivileges, setDefaultPrivileges } from "../../scripts/stack/postgres/cluster.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const findings = z.array(z.object({ name: z.string(), level: z.string(), detail: z.string() }));

const mechanism = [
  "component_credentials", "enrollments", "invitation_tokens", "job_keys", "job_leases", "job_workers",
  "knowledge_accesses", "metric_watches", "platform_admins", "reach", "task_readiness", "time_zones",
];

/** What the advisors may say, and why that is no fault: of this rule, about these objects. */
const accepted: readonly { readonly name: string; readonly about: RegExp; readonly because: string }[] = [
  {
    name: "unused_index",
    about: /^Index `\w+` on table `(public|private|ops)\.\w+` has not been used$/,
    because: "the database is new: no index has been used yet",
  },
  {
    name: "rls_enabled_no_policy",
    about: /^Table `private\.(audit_log|events|execution_history|performance_metrics)_\d{4}_\d{2}` /,
    because: "partitions: read through their parent, whose policies act; no API role holds a right on them",
  },
  {
    name: "rls_enabled_no_policy",
    about: new RegExp(`^Table \`private\\.(${mechanism.join("|")})\` `),
    because: "mechanism: functions of ours read them, no API role holds a right on them",
  },
  {
    name: "rls_enabled_no_policy",
    about: /^Table `ops\.\w+` /,
    because: "for the service role alone, which policies do not bind",
  },
];

async function migrateUnder(defaultPrivileges: DefaultPrivileges): Promise<TestDatabase> {
  const database = await createDatabase();
  const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  await setDefaultPrivileges(admin, defaultPrivileges);
  // Without this setting the advisors do not know what the API serves, and say nothing about it.
  await admin.unsafe(`alter database "${database.name}" set pgrst.db_schemas = 'public, ops'`);
  await admin.end();
  for (const migration of listMigrations(projectDir)) await applyMigration(database.sql, migration);
  return database;
}

async function advise(database: TestDatabase): Promise<z.infer<typeof findings>> {
  const command = ["db", "advisors", "--type", "all", "--level", "info"];
  const result = await runSupabaseCli(command, parseTarget(database.url), { rootDir: projectDir });
  expect(result.failure).toBe("");
  const json = result.stdout.slice(result.stdout.indexOf("["));
  return json.trim() === "" ? [] : findings.parse(JSON.parse(json));
}

describe.each(["revoked", "granted"] as const)("S8: the Supabase advisors, default privileges %s", async (regime) => {
  const database = await migrateUnder(regime);

  it("report nothing, at any level, that is not listed with a reason", async () => {
    const found = await advise(database);
    const isAbout = ({ name, detail }: (typeof found)[number], entry: (typeof accepted)[number]): boolean =>
      name === entry.name && entry.about.test(detail);
    expect(found.filter((finding) => !accepted.some((entry) => isAbout(finding, entry)))).toEqual([]);
    const unneeded = accepted.filter((entry) => !found.some((finding) => isAbout(finding, entry)));
    expect(unneeded, "is reported no more").toEqual([]);
  });

  it("do report faults planted for the purpose, so their silence means something", async () => {
    await database.sql.unsafe(`
      create view public.planted_view as select id from public.tenants;
      create table public.planted_table (id integer);
      create materialized view public.planted_snapshot as select id from public.tenants;
      grant select on public.planted_view, public.planted_table, public.planted_snapshot to anon, authenticated;
      create function public.planted_function() returns integer language sql security definer return 1`).simple();
    const found = await advise(database);
    for (const planted of [
      ["security_definer_view", "planted_view"],
      ["rls_disabled_in_public", "planted_table"],
      ["materialized_view_in_api", "planted_snapshot"],
      ["function_search_path_mutable", "planted_function"],
    ]) {
      expect(found.map(({ name, detail }) => [name, /planted_\w+/.exec(detail)?.[0]])).toContainEqual(planted);
    }
  });
});
