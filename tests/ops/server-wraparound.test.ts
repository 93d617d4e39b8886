import { describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { findingOf, openSession, runCheck } from "./sessions-actors.ts";

const database = await createDatabase({ migrated: true });
const { sql } = database;

describe("P1: ids that run out", () => {
  it("a table that autovacuum does not freeze in time is found, until the remedy freezes it", async () => {
    await sql`create table public.old (n integer) with (autovacuum_freeze_max_age = 100000)`;
    expect(findingOf(await runCheck(sql, "wraparound"), "table public.old")).toBeUndefined();
    // Held so that no autovacuum comes between; it gives way to the remedy's own vacuum at the end.
    const holder = await openSession(database.url, sql);
    await holder.run("begin; lock table public.old in share update exclusive mode");
    await sql.unsafe(`
      create table public.spent (n integer);
      do $$ begin
        for i in 1..111000 loop
          begin
            insert into public.spent values (1);
          exception when division_by_zero then null;
          end;
        end loop;
      end $$`).simple();
    const found = findingOf(await runCheck(sql, "wraparound"), "table public.old");
    expect(found).toMatchObject({ status: "warn", remedy: "vacuum (freeze, verbose) public.old;" });
    expect(Number(found?.facts["percent_of_freeze"])).toBeGreaterThan(110);
    expect(findingOf(await runCheck(sql, "wraparound"), "table public.spent")).toBeUndefined();
    await holder.run("rollback");
    await sql.unsafe(found?.remedy ?? "");
    expect(findingOf(await runCheck(sql, "wraparound"), "table public.old")).toBeUndefined();
    await holder.end();
  });

  it("multixacts are looked at apart", async () => {
    await sql`create table public.shared (n integer) with (autovacuum_multixact_freeze_max_age = 10000)`;
    await sql`insert into public.shared select n from generate_series(1, 11100) as n`;
    expect(findingOf(await runCheck(sql, "multixact_wraparound"), "table public.shared")).toBeUndefined();
    const holder = await openSession(database.url, sql);
    await holder.run("begin; select from public.shared for key share");
    // Each row is now locked by both: by a transaction of its own on this side, so that no two share a multixact.
    await sql.unsafe(`
      do $$
      declare
        v_row tid;
      begin
        for v_row in select ctid from public.shared loop
          begin
            perform from public.shared where ctid = v_row for key share;
          exception when division_by_zero then null;
          end;
        end loop;
      end $$`).simple();
    const found = findingOf(await runCheck(sql, "multixact_wraparound"), "table public.shared");
    expect(found).toMatchObject({ status: "warn", remedy: "vacuum (freeze, verbose) public.shared;" });
    expect(Number(found?.facts["percent_of_freeze"])).toBeGreaterThan(110);
    expect(findingOf(await runCheck(sql, "wraparound"), "table public.shared")).toBeUndefined();
    await holder.run("rollback");
    await sql.unsafe(found?.remedy ?? "");
    expect(findingOf(await runCheck(sql, "multixact_wraparound"), "table public.shared")).toBeUndefined();
    await holder.end();
  });
});
