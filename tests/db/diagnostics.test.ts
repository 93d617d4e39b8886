import { readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { diagnose, type Diagnosis, inSection } from "./diagnose.ts";

const FIXTURE = readFileSync(path.join(import.meta.dirname, "diagnostics-fixture.sql"), "utf8");
const NONE = ["ok all findings"];

let database: TestDatabase;
let rows: Diagnosis[];

beforeAll(async () => {
  database = await createDatabase();
  const { sql } = database;
  await sql.unsafe(FIXTURE).simple();
  // Counted before the vacuum: counters that a session still keeps to itself would be added to what the vacuum found.
  await sql`select pg_stat_force_next_flush()`;
  await sql`vacuum analyze shop.hollow`;
  await sql`delete from shop.customers where id > 30000`;
  for (let scan = 0; scan < 30; scan += 1) await sql`select count(*) from shop.customers where remark = 'y'`;
  await expect(sql`create unique index concurrently twins_name on shop.twins (name)`).rejects.toMatchObject({
    code: "23505",
  });
  // Otherwise a session keeps its counters to itself for a while.
  await sql`select pg_stat_force_next_flush()`;
  rows = await diagnose(database.sql);
});

describe("X7 diagnostics.sql finds", () => {
  it.each([
    ["table bloat", ["warn shop.hollow estimated_waste"]],
    ["foreign keys", ["info shop.unserved.unserved_customer foreign_key_without_index"]],
    ["invalid indexes", ["critical shop.twins_name invalid_index"]],
    ["duplicate indexes", [
      "warn shop.customers_note covered_by_another_index",
      "warn shop.customers_region covered_by_another_index",
    ]],
    ["sequences", ["critical shop.nearly_over used_up"]],
    ["sequential scans", ["warn shop.customers rows_read_by_sequential_scans"]],
    ["long transactions", NONE],
    ["locks", NONE],
    ["old snapshots", NONE],
  ])("in %s exactly what is there", (section, expected) => {
    expect(inSection(rows, section)).toEqual(expected);
  });

  it("dead rows and switched-off autovacuum, each with the SQL that mends it", () => {
    expect(inSection(rows, "vacuum")).toEqual([
      "warn shop.customers autovacuum",
      "warn shop.customers dead_rows",
      "warn shop.hollow autovacuum",
    ]);
    const advice = rows.find(({ section, fact }) => section === "foreign keys" && fact === "foreign_key_without_index")
      ?.advice;
    expect(advice).toBe("create index concurrently on shop.unserved (customer_id);");
  });

  it("unused indexes as a remark while the statistics are young, and never one that keeps a rule", () => {
    const unused = inSection(rows, "unused indexes");
    expect(unused.every((line) => line.startsWith("info "))).toBe(true);
    expect(unused).toContain("info shop.customers_note unused_index");
    expect(unused).not.toContain("info shop.customers_id_note unused_index");
  });
});

describe("X7 diagnostics.sql", () => {
  it("names who waits for a lock, and the session that holds it", async () => {
    const holder = postgres(database.url, { max: 1 });
    const waiter = postgres(database.url, { max: 1 });
    try {
      await holder.unsafe("begin; lock table shop.pairs in access exclusive mode").simple();
      const [held] = await holder<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const [waits] = await waiter<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const waiting = waiter`select from shop.pairs`.execute();
      const lock = await waitFor(
        "a waiting session",
        async () => (await diagnose(database.sql)).find(({ fact }) => fact === "waits_for_lock"),
      );
      expect(lock).toMatchObject({
        section: "locks",
        subject: `pid ${waits?.pid}`,
        judgement: "warn",
        value: expect.stringMatching(new RegExp(`^\\d+ s, blocked by ${held?.pid}: select from shop\\.pairs$`)),
        advice: expect.stringContaining(`select pg_cancel_backend(${held?.pid});`),
      });
      await holder`rollback`;
      await waiting;
    } finally {
      await Promise.all([holder.end({ timeout: 5 }), waiter.end({ timeout: 5 })]);
    }
  });

  it("waits for nobody: a table that is locked is named and left out", async () => {
    const other = postgres(database.url, { max: 1 });
    try {
      await other.unsafe(
        "begin; lock table shop.customers in access exclusive mode; alter sequence shop.just_begun owned by none",
      ).simple();
      const found = (await diagnose(database.sql)).filter(({ section }) => section === "table sizes");
      expect(found.find(({ subject }) => subject === "shop.customers")?.value).toMatch(/^not read/);
      expect(found.find(({ subject }) => subject === "shop.hollow")?.value).toMatch(/^\d+ MB/);
    } finally {
      await other.end({ timeout: 5 });
    }
  });

  it("shows slow queries wherever the extension is, whatever their text holds, and does without it", async () => {
    const { adminUrl, sql } = await createDatabase();
    const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
    const slow = async () => (await diagnose(sql)).filter(({ section }) => section === "slow queries");
    try {
      await sql.unsafe("select '<rows>' as \"</rows>\u0001 \uffff é\"").simple();
      expect((await slow()).some(({ value }) => value.includes("</rows>\u0001 \uffff é"))).toBe(true);
      await admin.unsafe(
        'drop extension pg_stat_statements; create schema "Odd one"; create extension pg_stat_statements schema "Odd one"',
      )
        .simple();
      expect((await slow())[0]?.subject).toMatch(/^queryid/);
      await admin`drop extension pg_stat_statements`;
      expect(await slow()).toMatchObject([{ subject: "pg_stat_statements", fact: "not available", judgement: "info" }]);
    } finally {
      await admin.end({ timeout: 5 });
    }
  });

  it("runs for a role without rights, and calls nothing well that it cannot see", async () => {
    const { adminUrl, sql } = await createDatabase();
    const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
    await admin.unsafe("revoke usage on schema extensions from anon").simple();
    await admin.end({ timeout: 5 });
    const [poor, rich] = [await diagnose(sql, "anon"), await diagnose(sql)];
    for (const section of ["long transactions", "locks", "old snapshots"]) {
      expect(inSection(rich, section)).toEqual(NONE);
      expect(inSection(poor, section)).toEqual(["warn all findings"]);
    }
    expect(inSection(poor, "server")).toContain("warn role may_read_all_statistics");
    expect(inSection(poor, "slow queries")).toEqual(["info pg_stat_statements not available"]);
    expect(poor.find(({ fact }) => fact === "used_of_available")?.value).toMatch(/^[1-9]\d* of /);
  });

  it("has nothing to say against our own indexes and keys", async () => {
    const { sql } = await createDatabase({ migrated: true });
    const ours = await diagnose(sql);
    for (const section of ["foreign keys", "invalid indexes", "duplicate indexes", "sequences"]) {
      expect(inSection(ours, section), section).toEqual(NONE);
    }
  });
});
