import postgres from "postgres";
import { afterAll, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";

const open: postgres.Sql[] = [];
afterAll(() => Promise.all(open.map((sql) => sql.end({ timeout: 5 }))));

function connect(url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  open.push(sql);
  return sql;
}

it("P1 slow statements of all roles are found wherever the extension is", async () => {
  const { sql, adminUrl } = await createDatabase({ migrated: true });
  const admin = connect(adminUrl);
  for (let i = 0; i < 3; i += 1) {
    await sql`select 'rowhouse', count(*) from generate_series(1, 1000)`;
    await admin`set role authenticated`;
    await admin`select 'rowhouse', count(*) from generate_series(1, 1000)`;
    await admin`reset role`;
  }
  const ours = (): postgres.PendingQuery<postgres.Row[]> => sql`
    select role_name, calls::integer, query from ops.get_slow_queries(3, 1000)
    where query like '%count(*) from generate_series%' order by role_name
  `;
  const query = "select $1, count(*) from generate_series($2, $3)";
  const both = [{ role_name: "authenticated", calls: 3, query }, { role_name: "postgres", calls: 3, query }];
  expect(await ours()).toEqual(both);
  await admin`create schema elsewhere`;
  await admin`grant usage on schema elsewhere to postgres`;
  await admin`alter extension pg_stat_statements set schema elsewhere`;
  expect(await ours()).toEqual(both);
  expect(await sql`select from ops.get_slow_queries(4, 1000) where query = ${query}`).toHaveLength(0);

  const found = sql`select status from ops.check_slow_queries() where facts ->> 'query' = ${query}`;
  await sql`update ops.health_thresholds set warn = 0.0001, critical = 1000000 where measure = 'mean_ms'`;
  expect(await sql`select from ops.check_slow_queries() where facts ->> 'query' = ${query}`).toHaveLength(0);
  await sql`update ops.health_thresholds set warn = 3 where check_name = 'slow_queries' and measure = 'calls'`;
  expect(await found).toEqual([{ status: "warn" }, { status: "warn" }]);
});

it("P1 the password in a statement is not shown", async () => {
  const { sql, adminUrl } = await createDatabase({ migrated: true });
  const admin = connect(adminUrl);
  await admin.begin(async (transaction) => {
    await transaction`create role rowhouse_visitor password 'dragonfly'`;
    await transaction`drop role rowhouse_visitor`;
  });
  const rows = await sql`select query from ops.get_slow_queries(0, 5000) where query like 'create role rowhouse_visitor%'`;
  expect(rows).toEqual([{ query: "create role rowhouse_visitor password ..." }]);
});

it("P1 without the extension, or without the right to read it, the check is skipped and says why", async () => {
  const { sql, adminUrl } = await createDatabase({ migrated: true });
  const admin = connect(adminUrl);
  const check = (at: postgres.Sql | postgres.TransactionSql): postgres.PendingQuery<postgres.Row[]> =>
    at`select a ->> 'status' as status, a ->> 'reason' as reason from ops.run_health_check('slow_queries') as a`;
  expect(await check(sql)).toEqual([{ status: "ok", reason: null }]);
  const undo = new Error("Undo everything.");
  await expect(admin.begin(async (transaction) => {
    await transaction`revoke pg_monitor, pg_read_all_stats from postgres`;
    await transaction`set local session authorization postgres`;
    expect(await check(transaction)).toEqual([
      { status: "skipped", reason: "The role postgres is no member of pg_read_all_stats." },
    ]);
    throw undo;
  })).rejects.toBe(undo);
  expect(await check(sql)).toEqual([{ status: "ok", reason: null }]);
  await admin`drop extension pg_stat_statements`;
  expect(await check(sql)).toEqual([
    { status: "skipped", reason: "The extension pg_stat_statements is not installed." },
  ]);
  await expect(sql`select from ops.get_slow_queries()`).rejects.toMatchObject({ code: "0A000" });
  expect(await sql`select from ops.get_missing_indexes() where kind = 'sequential_scans'`).toEqual([]);
});
