import { expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";

it("P1 dead and changed rows are judged by the thresholds of their own table", async () => {
  const { sql } = await createDatabase({ migrated: true });
  // Alike but for their settings; autovacuum itself is kept away from both.
  await sql.unsafe(`
    create table public.parcels (id integer) with (autovacuum_enabled = false);
    create table public.letters (id integer) with (
      autovacuum_enabled = false,
      autovacuum_vacuum_threshold = 3000, autovacuum_vacuum_scale_factor = 0,
      autovacuum_analyze_threshold = 3000, autovacuum_analyze_scale_factor = 0
    );
    insert into public.parcels select generate_series(1, 5000);
    insert into public.letters select generate_series(1, 5000);
  `);
  await sql`select pg_stat_force_next_flush()`;
  await sql`analyze public.parcels, public.letters`;
  expect(await sql`select key from ops.check_autovacuum() union all select key from ops.check_analyze()`).toEqual([]);

  await sql`delete from public.parcels where id <= 4000`;
  await sql`delete from public.letters where id <= 4000`;
  await sql`select pg_stat_force_next_flush()`;
  const stats = await sql`
    select
      table_name, dead_rows::integer, vacuum_threshold::integer, vacuum_factor::float8, modified_rows::integer,
      analyze_threshold::integer, analyze_factor::float8, is_autovacuum_enabled
    from ops.get_vacuum_stats() where table_name in ('parcels', 'letters') order by table_name
  `;
  const shared = { dead_rows: 4000, modified_rows: 4000, is_autovacuum_enabled: false };
  expect(stats).toEqual([
    { ...shared, table_name: "letters", vacuum_threshold: 3000, vacuum_factor: 1.33, analyze_threshold: 3000, analyze_factor: 1.33 },
    { ...shared, table_name: "parcels", vacuum_threshold: 1050, vacuum_factor: 3.81, analyze_threshold: 550, analyze_factor: 7.27 },
  ]);
  const finding = { key: "public.parcels", status: "warn" };
  const vacuum = await sql<{ key: string; status: string; remedy: string }[]>`
    select key, status, remedy from ops.check_autovacuum()
  `;
  expect(vacuum).toEqual([{ ...finding, remedy: "vacuum (analyze) public.parcels;" }]);
  expect(await sql`select key, status from ops.check_analyze()`).toEqual([finding]);

  await sql`update ops.health_thresholds set warn = 1, critical = 2 where measure = 'factor'`;
  expect(await sql`select key, status from ops.check_autovacuum() order by key`).toEqual([
    { key: "public.letters", status: "warn" },
    { key: "public.parcels", status: "critical" },
  ]);

  await sql`vacuum public.letters`;
  await sql.unsafe(vacuum[0]?.remedy ?? "");
  await sql`analyze public.letters`;
  expect(await sql`select key from ops.check_autovacuum() union all select key from ops.check_analyze()`).toEqual([]);
});
