import postgres from "postgres";
import { afterAll, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";

const open: postgres.Sql[] = [];
afterAll(() => Promise.all(open.map((sql) => sql.end({ timeout: 5 }))));

it("P1 95 % deleted and vacuumed is bloat, estimated and measured alike, until the table is rewritten", async () => {
  const { sql, adminUrl } = await createDatabase({ migrated: true });
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  open.push(admin);
  await admin`create extension pgstattuple with schema extensions`;
  await sql.unsafe(`
    create table public.parcels (id integer, note text) with (autovacuum_enabled = false);
    insert into public.parcels select n, repeat('x', 100) from generate_series(1, 20000) as n;
    create table public.letters (id integer, note text) with (autovacuum_enabled = false);
    insert into public.letters select n, repeat('x', 100) from generate_series(1, 20000) as n;
    delete from public.parcels where id % 20 <> 0;
  `);
  await sql`vacuum (analyze) public.parcels`;
  await sql`vacuum (analyze) public.letters`;
  const bloat = (isExact: boolean): postgres.PendingQuery<postgres.Row[]> => sql`
    select table_name, bloat_percent::float8, method, remedy from ops.get_table_bloat_stats(${isExact})
    where table_name in ('parcels', 'letters') order by table_name
  `;
  for (const [isExact, method] of [[false, "estimated"], [true, "measured"]] as const) {
    const [letters, parcels] = await bloat(isExact);
    expect(letters).toMatchObject({ table_name: "letters", method });
    expect(letters?.["bloat_percent"]).toBeLessThan(3);
    expect(parcels).toMatchObject({ table_name: "parcels", method });
    expect(parcels?.["bloat_percent"]).toBeGreaterThan(90);
    expect(parcels?.["bloat_percent"]).toBeLessThan(97);
  }
  const rows = await bloat(false);
  await sql.unsafe(String(rows[1]?.["remedy"]));
  const [, mended] = await bloat(true);
  expect(mended?.["bloat_percent"]).toBeLessThan(10);
});
