import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { expect, it } from "vitest";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import { startPostgres } from "../../scripts/stack/postgres/server.ts";
import { findPostgres15 } from "../../scripts/test/postgres-15/programs.ts";

// The embedded PostgreSQL has no hypopg; Debian's 15 has, as postgresql-15-hypopg.
const found = findPostgres15();
const programs = Array.isArray(found) || !existsSync("/usr/share/postgresql/15/extension/hypopg.control")
  ? undefined
  : found;

it.skipIf(programs === undefined)("P1 with hypopg the planner says whether an index would help", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-hypopg-"));
  const server = await startPostgres({ dataDir: path.join(folder, "data"), port: 0, binaries: programs });
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  const admin = postgres(server.adminUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
    await sql.unsafe(`
      create table public.parcels (id integer, sender integer, is_open boolean, body json)
        with (autovacuum_enabled = false);
      insert into public.parcels select n, n % 5000, n % 2 = 0, '{}' from generate_series(1, 20000) as n;
    `);
    await sql`analyze public.parcels`;
    for (let i = 0; i < 30; i += 1) await sql`select body from public.parcels where sender = ${i} and is_open = ${true}`;
    await sql`select pg_stat_force_next_flush()`;
    const check = (): postgres.PendingQuery<postgres.Row[]> => sql`
      select column_names::text as columns, is_proved, cost_after < cost_before as is_cheaper
      from ops.get_missing_indexes() where kind = 'sequential_scans' order by columns
    `;
    expect(await check()).toEqual([
      { columns: "{is_open}", is_proved: false, is_cheaper: null },
      { columns: "{sender}", is_proved: false, is_cheaper: null },
    ]);
    await admin`create extension hypopg with schema extensions`;
    // Half of all rows are open: no index finds them faster.
    expect(await check()).toEqual([
      { columns: "{is_open}", is_proved: false, is_cheaper: null },
      { columns: "{sender}", is_proved: true, is_cheaper: true },
    ]);
    expect(await sql`select from ops.prove_index('public.parcels'::regclass, 'body')`).toHaveLength(0);
    expect(await sql`select from extensions.hypopg_list_indexes`).toHaveLength(0);
    const [lock] = await admin.begin(async (transaction) => {
      await transaction`lock table public.parcels in access exclusive mode`;
      return [await check()];
    });
    expect(lock?.map((row) => row["is_proved"])).toEqual([false, false]);
  } finally {
    await sql.end({ timeout: 5 });
    await admin.end({ timeout: 5 });
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
