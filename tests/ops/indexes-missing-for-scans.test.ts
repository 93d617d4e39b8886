import type postgres from "postgres";
import { expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";

/** Two tables alike, one larger than the threshold. */
async function makeTables(sql: postgres.Sql): Promise<void> {
  for (const [name, rows] of [["parcels", 20_000], ["letters", 9000]] as const) {
    await sql.unsafe(`
      create table public.${name} (id integer primary key, sender integer, note text) with (autovacuum_enabled = false);
      insert into public.${name} select n, n % 5000, 'note' from generate_series(1, ${rows}) as n;
    `);
    await sql.unsafe(`analyze public.${name}`);
  }
}

async function readWhole(sql: postgres.Sql, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await sql`select note from public.parcels where sender = ${i}`;
    await sql`select note from public.letters where sender = ${i}`;
  }
  await sql`select pg_stat_force_next_flush()`;
}

it("P1 a large table read as a whole again and again is found, and the index that would help is a guess", async () => {
  const { sql } = await createDatabase({ migrated: true });
  await makeTables(sql);
  // One scan built the primary key.
  await readWhole(sql, 28);
  expect(await sql`select key from ops.check_missing_indexes()`).toEqual([]);
  await readWhole(sql, 1);
  expect(await sql`select key, status, remedy, facts -> 'is_proved' as is_proved from ops.check_missing_indexes()`)
    .toEqual([{
      key: "public.parcels.sender",
      status: "warn",
      remedy: "create index concurrently on public.parcels (sender);",
      is_proved: false,
    }]);

  // Read through an index mostly, it is left alone.
  for (let i = 0; i < 30 * 20; i += 1) await sql`select note from public.parcels where id = ${i}`;
  await sql`select pg_stat_force_next_flush()`;
  expect(await sql`select key from ops.check_missing_indexes()`).toEqual([]);
  expect(await sql`select index_name from ops.get_unused_indexes() where index_name = 'parcels_pkey'`).toEqual([]);
  expect(await sql`select index_name from ops.get_unused_indexes() where index_name = 'letters_pkey'`).toHaveLength(1);
});
