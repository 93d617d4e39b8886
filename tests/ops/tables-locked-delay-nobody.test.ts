import postgres from "postgres";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase } from "../helpers/database.ts";

const open: postgres.Sql[] = [];
afterAll(() => Promise.all(open.map((sql) => sql.end({ timeout: 5 }))));

const OWN = [
  "slow_queries", "unused_indexes", "duplicate_indexes", "invalid_indexes", "foreign_keys_without_index",
  "missing_indexes", "table_bloat", "index_bloat", "autovacuum", "analyze", "sequences", "not_validated_constraints",
];
const answerShape = z.object({ name: z.string(), status: z.string(), findings: z.array(z.object({ key: z.string() })) });

it("P1 with tables, indexes and sequences locked by somebody else, every check still answers", async () => {
  const { sql, url } = await createDatabase({ migrated: true });
  await sql.unsafe(`
    create table public.parcels (id serial primary key, parent integer, note text, weight integer);
    insert into public.parcels (note) select repeat('x', 50) from generate_series(1, 500);
    create index parcels_note_idx on public.parcels (lower(note)) where note is not null;
    create index parcels_same_idx on public.parcels (lower(note)) where note is not null;
    create sequence public.numbers as smallint;
    select setval('public.numbers', 32000);
    select setval('public.parcels_id_seq', 2147483647);
    analyze public.parcels;
    alter table public.parcels
      add constraint parcels_parent_fkey foreign key (parent) references public.parcels (id) not valid;
    update ops.health_thresholds set warn = 0 where check_name = 'unused_indexes';
  `);
  const other = postgres(url, { max: 1, onnotice: () => undefined });
  open.push(other);
  await other.begin(async (transaction) => {
    await transaction`lock table public.parcels in access exclusive mode`;
    await transaction`alter index public.parcels_note_idx set (fillfactor = 80)`;
    await transaction`alter sequence public.numbers increment 2`;
    const found = new Map<string, readonly string[]>();
    for (const name of OWN) {
      const [row] = await sql`select ops.run_health_check(${name}) as answer`;
      const answer = answerShape.parse(row?.["answer"]);
      expect(answer.status, name).not.toBe("unknown");
      expect(answer.status, name).not.toBe("skipped");
      found.set(name, answer.findings.map((finding) => finding.key));
    }
    // Not only do they answer: what can be known of the locked table is still found.
    expect(found.get("duplicate_indexes")).toEqual(["public.parcels_same_idx"]);
    expect(found.get("unused_indexes")).toContain("public.parcels_same_idx");
    expect(found.get("foreign_keys_without_index")).toEqual(["public.parcels.parcels_parent_fkey"]);
    expect(found.get("not_validated_constraints")).toEqual(["public.parcels.parcels_parent_fkey"]);
    expect(found.get("sequences")).toEqual(["public.parcels_id_seq public.parcels id"]);
    const [size] = await sql`
      select is_estimated, total_bytes > 0 as is_known from ops.get_table_sizes() where table_name = 'parcels'
    `;
    expect(size).toEqual({ is_estimated: true, is_known: true });
  });
  const after = await sql`select key from ops.check_sequences() order by key`;
  expect(after.map((row) => String(row["key"]))).toEqual([
    "public.numbers",
    "public.parcels_id_seq public.parcels id",
  ]);
  expect(await sql`select is_estimated from ops.get_table_sizes() where table_name = 'parcels'`)
    .toEqual([{ is_estimated: false }]);
});
