import { beforeEach, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { maintain, openSession, stepsOf } from "../helpers/maintenance.ts";
import { waitFor } from "../helpers/wait.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase({ migrated: true });
});

/** A table that autovacuum leaves alone, with so many dead rows beside its live ones. */
async function pond(name: string, live: number, dead: number): Promise<void> {
  await database.sql.unsafe(`create table private.${name} (id integer) with (autovacuum_enabled = false)`);
  await database.sql.unsafe(`insert into private.${name} select generate_series(1, ${live + dead})`);
  await database.sql.unsafe(`delete from private.${name} where id > ${live}`);
  await waitForDead(name, dead);
}

async function waitForDead(name: string, dead: number): Promise<void> {
  await waitFor(`${dead} dead rows in ${name}`, async () => {
    await database.sql`select pg_stat_force_next_flush()`;
    const rows = await database.sql`select from pg_stat_user_tables where relname = ${name} and n_dead_tup = ${dead}`;
    return rows.length === 1 ? true : undefined;
  });
}

/** An index that was left invalid, because its values are not unique. */
async function brokenIndex(table: string): Promise<void> {
  await database.sql.unsafe(`create table private.${table} (a integer)`);
  await database.sql.unsafe(`insert into private.${table} values (1), (1), (2)`);
  const made = database.sql.unsafe(`create unique index concurrently ${table}_a_key on private.${table} (a)`);
  await expect(made).rejects.toMatchObject({ code: "23505" });
}

async function indexesOf(table: string): Promise<unknown[]> {
  return [...await database.sql`
    select i.indexrelid::regclass::text as name, i.indisvalid as valid
    from pg_index as i
    where i.indrelid = ${`private.${table}`}::regclass
    order by 1
  `];
}

describe("P2 what cannot run in a transaction", () => {
  it("P2 vacuums a table over its own threshold, and a full run one on the way to it", async () => {
    await pond("pond", 100, 900);
    // The threshold of a table that was never counted is 50 rows.
    await pond("puddle", 0, 20);
    await pond("drop", 0, 5);
    const client = await openSession(database.url);
    const quick = await maintain(client, { mode: "quick" });
    expect(quick.status).toBe("succeeded");
    expect(stepsOf(quick, "private.pond")).toEqual(["vacuum succeeded"]);
    expect(stepsOf(quick, "private.puddle")).toEqual([]);
    await waitForDead("pond", 0);
    const full = await maintain(client, { mode: "full" });
    expect(stepsOf(full, "private.puddle")).toEqual(["vacuum succeeded"]);
    expect(stepsOf(full, "private.pond")).toEqual([]);
    expect(stepsOf(full, "private.drop")).toEqual([]);
    await waitForDead("puddle", 0);
  });

  it("P2 goes by the threshold that a table has for itself", async () => {
    await pond("pond", 0, 900);
    await database.sql`alter table private.pond set (autovacuum_vacuum_threshold = 10000, autovacuum_analyze_threshold = 10000)`;
    const client = await openSession(database.url);
    expect(stepsOf(await maintain(client, { mode: "quick" }), "private.pond")).toEqual([]);
    await database.sql`alter table private.pond set (autovacuum_vacuum_threshold = 800)`;
    expect(stepsOf(await maintain(client, { mode: "quick" }), "private.pond")).toEqual(["vacuum succeeded"]);
  });

  it("P2 freezes a table before autovacuum is forced to", async () => {
    await database.sql`create table private.elder (id integer) with (autovacuum_freeze_max_age = 100000)`;
    await database.sql`create table private.younger (id integer)`;
    const client = await openSession(database.url);
    expect(stepsOf(await maintain(client, { mode: "full" }), "private.elder")).toEqual([]);
    // Each block is a subtransaction with an id of its own.
    await client.query(`
      create temp table spent (id integer);
      do $$ begin
        for i in 1..80000 loop
          begin
            insert into spent values (i);
          exception when division_by_zero then
            raise;
          end;
        end loop;
      end $$
    `);
    const report = await maintain(client, { mode: "quick" });
    expect(stepsOf(report, "private.elder")).toEqual(["freeze succeeded"]);
    expect(stepsOf(report, "private.younger")).toEqual([]);
    const [row] = await database.sql`select age(relfrozenxid) < 75000 as frozen from pg_class where relname = 'elder'`;
    expect(row).toEqual({ frozen: true });
  });

  it("P2 rebuilds an invalid index in a full run, when what was wrong is gone", async () => {
    await brokenIndex("pairs");
    expect(await indexesOf("pairs")).toEqual([{ name: "private.pairs_a_key", valid: false }]);
    const client = await openSession(database.url);
    expect(stepsOf(await maintain(client, { mode: "quick" }), "private.pairs_a_key")).toEqual([]);

    const failed = await maintain(client, { mode: "full" });
    expect(failed.status).toBe("partial");
    expect(stepsOf(failed, "private.pairs_a_key")).toEqual(["reindex failed 23505"]);
    // What PostgreSQL leaves behind when a rebuild fails.
    expect(await indexesOf("pairs")).toContainEqual({ name: "private.pairs_a_key_ccnew", valid: false });

    await database.sql`delete from private.pairs where a = 1`;
    const mended = await maintain(client, { mode: "full" });
    expect(mended.status).toBe("succeeded");
    expect(stepsOf(mended, "private.pairs_a_key_ccnew")).toEqual(["drop_leftover succeeded"]);
    expect(stepsOf(mended, "private.pairs_a_key")).toEqual(["reindex succeeded"]);
    expect(await indexesOf("pairs")).toEqual([{ name: "private.pairs_a_key", valid: true }]);
  });

  it("P2 rebuilds an index that is mostly empty in a full run, by the thresholds of its check", async () => {
    await database.sql`create table private.hollow (a integer) with (autovacuum_enabled = false)`;
    await database.sql`create index hollow_a_idx on private.hollow (a)`;
    await database.sql`insert into private.hollow select generate_series(1, 20000)`;
    await database.sql`delete from private.hollow where a % 20 > 0`;
    await database.sql`vacuum (analyze) private.hollow`;
    const size = async (): Promise<number> => {
      const [row] = await database.sql`select pg_relation_size('private.hollow_a_idx')::integer as bytes`;
      return Number(row?.["bytes"]);
    };
    const before = await size();
    const client = await openSession(database.url);
    expect(stepsOf(await maintain(client, { mode: "full" }), "private.hollow_a_idx")).toEqual([]);
    await database.sql`update ops.health_thresholds set warn = 100000 where check_name = 'index_bloat' and measure = 'bloat_bytes'`;
    expect(stepsOf(await maintain(client, { mode: "quick" }), "private.hollow_a_idx")).toEqual([]);
    expect(stepsOf(await maintain(client, { mode: "full" }), "private.hollow_a_idx")).toEqual(["reindex succeeded"]);
    expect(await size()).toBeLessThan(before / 5);
    expect(stepsOf(await maintain(client, { mode: "full" }), "private.hollow_a_idx")).toEqual([]);
  });

  it("P2 leaves an index alone that is being built", async () => {
    await database.sql`create table private.pairs (a integer)`;
    const writer = await openSession(database.url);
    await writer.query("begin; insert into private.pairs values (1)");
    const builder = await openSession(database.url);
    const built = builder.query("create index concurrently pairs_a_idx on private.pairs (a)");
    await waitFor("index being built", async () => (await indexesOf("pairs"))[0]);
    expect(await indexesOf("pairs")).toEqual([{ name: "private.pairs_a_idx", valid: false }]);
    const planned = await database.sql`select from ops.plan_maintenance('full') as p where p.target = 'private.pairs_a_idx'`;
    expect(planned).toHaveLength(0);
    await writer.query("commit");
    await built;
    expect(await indexesOf("pairs")).toEqual([{ name: "private.pairs_a_idx", valid: true }]);
  });
});
