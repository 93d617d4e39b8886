import postgres from "postgres";
import { afterAll, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";

const open: postgres.Sql[] = [];
afterAll(() => Promise.all(open.map((sql) => sql.end({ timeout: 5 }))));

/** A session of its own beside that of the test. */
function connect(url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  open.push(sql);
  return sql;
}

it("P1 an index left invalid by a failed concurrent build is found, with the SQL that mends it", async () => {
  const { sql } = await createDatabase({ migrated: true });
  await sql`create table public.parcels (code integer)`;
  await sql`insert into public.parcels select n % 10 from generate_series(1, 100) as n`;
  expect(await sql`select key from ops.check_invalid_indexes()`).toEqual([]);

  await expect(sql.unsafe("create unique index concurrently parcels_code_key on public.parcels (code)")).rejects
    .toMatchObject({ code: "23505" });
  const found = await sql<{ key: string; status: string; remedy: string }[]>`
    select key, status, remedy from ops.check_invalid_indexes()
  `;
  expect(found).toEqual([{
    key: "public.parcels_code_key",
    status: "warn",
    remedy: "reindex index concurrently public.parcels_code_key;",
  }]);

  await sql`delete from public.parcels where ctid not in (select min(ctid) from public.parcels group by code)`;
  await sql.unsafe(found[0]?.remedy ?? "");
  expect(await sql`select key from ops.check_invalid_indexes()`).toEqual([]);
  expect(await sql`select from pg_index where indexrelid = 'public.parcels_code_key'::regclass and indisvalid`)
    .toHaveLength(1);
});

it("P1 what a failed concurrent rebuild left behind is to be dropped", async () => {
  const { sql } = await createDatabase({ migrated: true });
  await sql`create table public.parcels (code integer)`;
  await sql`insert into public.parcels select n % 10 from generate_series(1, 100) as n`;
  await expect(sql.unsafe("create unique index concurrently parcels_code_key on public.parcels (code)")).rejects
    .toMatchObject({ code: "23505" });
  await expect(sql.unsafe("reindex index concurrently public.parcels_code_key")).rejects
    .toMatchObject({ code: "23505" });
  const left = await sql`select key, remedy from ops.check_invalid_indexes() where key like '%ccnew'`;
  expect(left).toEqual([{
    key: "public.parcels_code_key_ccnew",
    remedy: "drop index concurrently public.parcels_code_key_ccnew;",
  }]);
});

it("P1 an index that is being built is none", async () => {
  const { sql, url } = await createDatabase({ migrated: true });
  await sql`create table public.parcels (code integer)`;
  const writer = connect(url);
  const builder = connect(url);
  let build: Promise<unknown> = Promise.resolve();
  // The build has to wait for the end of a transaction that writes to the table.
  await writer.begin(async (transaction) => {
    await transaction`insert into public.parcels values (1)`;
    build = builder.unsafe("create index concurrently parcels_code_idx on public.parcels (code)").execute();
    await waitFor("index that is being built", async () => {
      const rows = await sql`select from pg_index where indexrelid = to_regclass('public.parcels_code_idx') and not indisvalid`;
      return rows.length === 1 ? rows : undefined;
    });
    expect(await sql`select key from ops.check_invalid_indexes()`).toEqual([]);
  });
  await build;
  expect(await sql`select from pg_index where indexrelid = 'public.parcels_code_idx'::regclass and indisvalid`)
    .toHaveLength(1);
});
