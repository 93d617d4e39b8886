import { beforeEach, expect, it } from "vitest";
import type { TestDatabase } from "../helpers/database.ts";
import { createDatabase } from "../helpers/database.ts";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { readHistory } from "../../scripts/migrate/history.ts";
import { listMigrations } from "../../scripts/migrate/migration-files.ts";
import { makeProject, migrate, TWO_TABLES, writeFiles } from "./project.ts";

const BOOKS = "20260101000100_shop_books.sql";
const PRICES = "20260101000200_shop_prices.sql";

let database: TestDatabase;
let project: string;
let on: string[];

beforeEach(async () => {
  database = await createDatabase();
  project = makeProject(TWO_TABLES);
  on = ["--db-url", database.url, "--workdir", project];
  for (const migration of listMigrations(project)) await applyMigration(database.sql, migration);
});

const applied = async (): Promise<string[]> => (await readHistory(database.sql)).map(({ name }) => name);

it("takes the newest back, then as many as asked, newest first", async () => {
  const one = await migrate(["down", ...on]);
  expect(one.code, one.err).toBe(0);
  expect(await applied()).toEqual(["shop_books"]);
  await applyMigration(database.sql, listMigrations(project)[1] ?? expect.fail());
  const both = await migrate(["down", "2", ...on, "--json"]);
  expect(JSON.parse(both.out)).toEqual({ rolled_back: [PRICES, BOOKS] });
  expect(await applied()).toEqual([]);
  expect((await migrate(["down", ...on])).out).toMatch(/^Nothing is applied/);
});

it("keeps all of them when one rollback fails", async () => {
  writeFiles(project, {
    rollbacks: { [BOOKS]: "drop table public.books;\n\n-- Why.\ndrop table public.nothing;\n" },
  });
  const run = await migrate(["down", "2", ...on]);
  expect(run.code).toBe(1);
  expect(run.err).toContain(`rollbacks/${BOOKS} failed at line 4.`);
  expect(run.err).toContain('ERROR: table "nothing" does not exist (SQLSTATE 42P01)');
  expect(await applied()).toEqual(["shop_books", "shop_prices"]);
  expect(await database.sql`select from public.prices`).toHaveLength(0);
});

it("refuses when a rollback is missing, holds a commit, or says it is irreversible; --force passes the last", async () => {
  const without = makeProject({ migrations: TWO_TABLES.migrations ?? {} });
  const missing = await migrate(["down", "--db-url", database.url, "--workdir", without]);
  expect(missing.code).toBe(1);
  expect(missing.err).toContain(`${PRICES} has no rollback: write supabase/rollbacks/${PRICES} first.`);

  writeFiles(project, { rollbacks: { [PRICES]: "drop table public.prices;\ncommit;\n" } });
  expect((await migrate(["down", ...on])).err).toContain('must not hold "commit"');

  writeFiles(project, {
    rollbacks: {
      [PRICES]: "-- Prices.\n-- irreversible: the prices are not kept anywhere.\ndrop table public.prices;\n",
    },
  });
  expect((await migrate(["status", ...on])).out).toMatch(/shop_prices\.sql +applied +rollback irreversible/);
  const refused = await migrate(["down", ...on]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("cannot be undone: the prices are not kept anywhere.");
  expect(await applied()).toEqual(["shop_books", "shop_prices"]);

  expect((await migrate(["down", ...on, "--force"])).code).toBe(0);
  expect(await applied()).toEqual(["shop_books"]);
});

it("gives up after a while when a table is in use, and tries again before that", async () => {
  const holder = database.sql;
  let release = (): void => undefined;
  const held = holder.begin(async (transaction) => {
    await transaction`lock table public.prices in access share mode`;
    await new Promise<void>((resolve) => (release = resolve));
  });
  const run = migrate(["down", ...on]);
  setTimeout(() => release(), 4_000);
  const ended = await run;
  await held;
  expect(ended.err).toContain("A table is in use by another session; trying again (2 of 3).");
  expect(ended.code).toBe(0);
});
