import type postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { findingOf, openSession, runCheck, setThreshold } from "./sessions-actors.ts";

// What the usual tools for a Supabase database were measured to miss, each beside its like that is in order. All
// thresholds are the ones that come with Rowhouse, unless a line says otherwise.

let database: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  ({ sql } = database);
});

async function keysOf(check: string): Promise<string[]> {
  const { status, findings } = await runCheck(sql, check);
  expect(["ok", "warn", "critical"]).toContain(status);
  return findings.map(({ key }) => key).filter((key) => key.includes("fixture"));
}

describe("P1 holes of other tools", () => {
  it("a table read whole 30 times and through its index once is not one whose index is used", async () => {
    await sql.unsafe(`
      create table public.fixture_read (id integer primary key, other integer) with (autovacuum_enabled = false);
      insert into public.fixture_read select n, n from generate_series(1, 20000) as n;
    `);
    await sql`analyze public.fixture_read`;
    for (let i = 0; i < 30; i += 1) await sql`select id from public.fixture_read where other = ${i}`;
    await sql`select other from public.fixture_read where id = 1`;
    await sql`select pg_stat_force_next_flush()`;
    // One more read as a whole built the primary key.
    const rows = await sql`
      select seq_scans::integer, index_scans::integer, seq_scan_percent::float8 from ops.get_missing_indexes()
      where table_name = 'fixture_read'
    `;
    expect(rows).toEqual([{ seq_scans: 31, index_scans: 1, seq_scan_percent: 96.9 }]);
    expect(await keysOf("missing_indexes")).toEqual(["public.fixture_read.other"]);
  });

  it("LOCK TABLE in one session keeps a reader waiting, and a lock that lets readers through does not", async () => {
    await sql`create table public.fixture_locked (id integer)`;
    await setThreshold(sql, "blocking_locks.waiting_seconds", 0, null);
    const holder = await openSession(database.url, sql);
    const reader = await openSession(database.url, sql);
    try {
      await holder.run("begin; lock table public.fixture_locked in exclusive mode");
      await reader.run("select from public.fixture_locked");
      expect(findingOf(await runCheck(sql, "blocking_locks"), holder.key)).toBeUndefined();
      await holder.run("commit; begin; lock table public.fixture_locked");
      const { done } = await reader.runUntilItWaits("select from public.fixture_locked");
      expect(findingOf(await runCheck(sql, "blocking_locks"), holder.key)).toMatchObject({ status: "warn" });
      await holder.run("commit");
      expect(await done).toBe("done");
    } finally {
      await Promise.all([holder.end(), reader.end()]);
    }
  });

  it("what was inserted asks for ANALYZE, though no row is dead; what is dead asks for VACUUM", async () => {
    await sql.unsafe(`
      create table public.fixture_inserted (id integer) with (autovacuum_enabled = false);
      create table public.fixture_deleted (id integer) with (autovacuum_enabled = false);
      insert into public.fixture_deleted select generate_series(1, 5000);
    `);
    await sql`select pg_stat_force_next_flush()`;
    await sql`analyze public.fixture_inserted, public.fixture_deleted`;
    await sql`insert into public.fixture_inserted select generate_series(1, 5000)`;
    await sql`delete from public.fixture_deleted where id > 10`;
    await sql`select pg_stat_force_next_flush()`;
    expect(await keysOf("analyze")).toContain("public.fixture_inserted");
    expect(await keysOf("autovacuum")).toEqual(["public.fixture_deleted"]);
  });

  it("a slow statement of another role is seen", async () => {
    const statement = "select pg_sleep(0.0001), 'of another role'";
    await sql.unsafe(`grant authenticated to postgres`);
    await sql.begin(async (transaction) => {
      await transaction`set local role authenticated`;
      for (let i = 0; i < 50; i += 1) await transaction.unsafe(statement);
    });
    const rows = await sql`
      select distinct role_name from ops.get_slow_queries(50, 5000) where query like 'select pg_sleep($1), $2%'
    `;
    expect(rows).toEqual([{ role_name: "authenticated" }]);
  });

  it("a table of which 95 % was deleted is bloat, and one that is full is not", async () => {
    for (const name of ["fixture_hollow", "fixture_full"]) {
      await sql.unsafe(`
        create table public.${name} (id integer, note text) with (autovacuum_enabled = false);
        insert into public.${name} select n, repeat('x', 780) from generate_series(1, 200000) as n;
      `);
    }
    await sql`delete from public.fixture_hollow where id % 20 <> 0`;
    for (const name of ["fixture_hollow", "fixture_full"]) await sql.unsafe(`vacuum (analyze) public.${name}`);
    const { findings } = await runCheck(sql, "table_bloat");
    const [found, ...others] = findings.filter(({ key }) => key.includes("fixture"));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ key: "public.fixture_hollow", status: "warn" });
    const [size] = await sql`select pg_relation_size('public.fixture_hollow')::integer as bytes`;
    expect(size?.["bytes"]).toBeGreaterThan(170e6);
    expect(Number(found?.facts["bloat_bytes"])).toBeGreaterThan(160e6);
    await sql.unsafe("drop table public.fixture_hollow, public.fixture_full");
  });

  it("a partial index serves no foreign key, and the columns in another order do", async () => {
    await sql.unsafe(`
      create table public.fixture_parents (a integer, b integer, primary key (a, b));
      create table public.fixture_partial (a integer, b integer, foreign key (a, b) references public.fixture_parents);
      create index on public.fixture_partial (a, b) where a > 0;
      create table public.fixture_turned (a integer, b integer, foreign key (a, b) references public.fixture_parents);
      create index on public.fixture_turned (b, a);
    `);
    expect(await keysOf("foreign_keys_without_index")).toEqual(["public.fixture_partial.fixture_partial_a_b_fkey"]);
  });
});
