import { rmSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { makeProject, migrate, TWO_TABLES, writeFiles } from "./project.ts";

const BOOKS = "20260101000100_shop_books.sql";
const BAD =
  "create table public.half (id int);\n\n-- Fails; on purpose.\nselect 1 / 0;\ncreate table public.never (id int);\n";

it("up applies what is pending, says nothing is left, and stops at the first bad file without a trace of it", async () => {
  const { sql, url } = await createDatabase();
  const project = makeProject(TWO_TABLES);
  const on = ["--db-url", url, "--workdir", project];

  const first = await migrate(["up", ...on]);
  expect(first.code, first.err).toBe(0);
  expect(first.err).toMatch(
    /applied 20260101000100_shop_books\.sql {2}\d+\.\d\d s\n {2}applied 20260101000200_shop_prices\.sql/,
  );
  expect(first.out).toMatch(/^Applied 2 migrations to 127\.0\.0\.1:\d+\/\w+ in \d+\.\d\d s\.$/);
  expect((await migrate(["up", ...on])).out).toMatch(/^Nothing to apply/);

  writeFiles(project, {
    migrations: {
      "20260101000300_shop_good.sql": "create table public.good (id int);",
      "20260101000400_shop_bad.sql": BAD,
      "20260101000500_shop_later.sql": "create table public.later (id int);",
    },
  });
  const failed = await migrate(["up", ...on]);
  expect(failed.code).toBe(1);
  expect(failed.err).toContain(
    "20260101000400_shop_bad.sql failed at statement 2, line 3. Nothing of it was kept. The file before it stays applied.",
  );
  expect(failed.err).toContain("ERROR: division by zero (SQLSTATE 22012)");
  expect(failed.err).toContain("select 1 / 0");
  const tables = await sql`select relname from pg_class where relname in ('good', 'half', 'never', 'later')`;
  expect(tables.map(({ relname }) => relname)).toEqual(["good"]);
  const status = await migrate(["status", ...on, "--json"]);
  expect(status.code).toBe(0);
  expect(JSON.parse(status.out)).toMatchObject({
    migrations: ["applied", "applied", "applied", "pending", "pending"].map((state) => ({ state })),
  });
});

it("up stops before it starts when an applied file was edited, is gone, or an older one has turned up", async () => {
  const { sql, url } = await createDatabase();
  const project = makeProject(TWO_TABLES);
  const on = ["--db-url", url, "--workdir", project];
  expect((await migrate(["up", ...on])).code).toBe(0);

  const late = "20260101000150_shop_late.sql";
  writeFiles(project, {
    migrations: {
      [BOOKS]: "create table public.books (id bigint primary key);",
      [late]: "create table public.late (id int);",
    },
  });
  const refused = await migrate(["up", ...on]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(`edited: ${BOOKS}`);
  expect(refused.err).toContain(`out of order: ${late}`);
  expect(refused.err).toContain("--force");
  expect((await sql`select to_regclass('public.late') as late`)[0]?.["late"]).toBeNull();
  expect((await migrate(["status", ...on])).out).toMatch(/1 applied, 1 edited, 1 out of order\.$/);

  expect((await migrate(["up", ...on, "--force"])).code).toBe(0);
  expect((await sql`select to_regclass('public.late') is not null as is_there`)[0]?.["is_there"]).toBe(true);

  rmSync(path.join(project, "supabase", "migrations", late));
  const gone = await migrate(["up", ...on, "--force"]);
  expect(gone.code).toBe(1);
  expect(gone.err).toContain(`missing: ${late}`);
  expect(gone.err).toContain("migration repair --status reverted 20260101000150");
});
