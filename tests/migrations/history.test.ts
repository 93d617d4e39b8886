import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { readHistory } from "../../scripts/migrate/history.ts";
import { listMigrations, projectDir, readSql } from "../../scripts/migrate/migration-files.ts";
import { splitStatements } from "../../scripts/migrate/statements.ts";
import { createDatabase } from "../helpers/database.ts";
import { makeProject, migrate, writeFiles } from "./project.ts";

const TRICKY = readFileSync(path.join(import.meta.dirname, "tricky.sql"), "utf8");

it("the Supabase CLI records our migrations as we split them, and status finds all of them applied", async () => {
  const { sql, url } = await createDatabase();
  const run = await migrate(["up", "--db-url", url]);
  expect(run, run.err).toMatchObject({ code: 0 });
  const migrations = listMigrations(projectDir);
  expect(run.out).toMatch(new RegExp(`^Applied ${migrations.length} migrations to `));
  const history = await readHistory(sql);
  expect(history.map(({ version, name, statements }) => ({ version, name, statements }))).toEqual(
    migrations.map((migration) => ({
      version: migration.version,
      name: migration.name,
      statements: splitStatements(readSql(migration.path)).map(({ text }) => text),
    })),
  );
  const status = await migrate(["status", "--db-url", url, "--json"]);
  expect(status.code).toBe(0);
  expect(JSON.parse(status.out)).toMatchObject({ in_order: true });
});

it("what is hard to split is recorded as it stands, and an edit anywhere in it is noticed", async () => {
  const { url } = await createDatabase();
  const project = makeProject({ migrations: { "20260101000100_test_tricky.sql": TRICKY } });
  const on = ["--db-url", url, "--workdir", project];
  expect((await migrate(["up", ...on])).code).toBe(0);
  expect((await migrate(["status", ...on])).out).toMatch(/20260101000100_test_tricky\.sql +applied/);

  const edits: [string, string][] = [
    ["-- comment; in body", "-- comment, in body"],
    ["'x;y'", "'x;z'"],
    ["it''s; fine", "it''s fine"],
    ["perform $$x;$$", "perform $$x$$"],
    ["select a + b", "select a - b"],
    ["-- The end.", "-- The end"],
  ];
  for (const [from, to] of edits) {
    expect(TRICKY).toContain(from);
    writeFiles(project, { migrations: { "20260101000100_test_tricky.sql": TRICKY.replace(from, to) } });
    const status = await migrate(["status", ...on]);
    expect(status.code, `${from} became ${to}`).toBe(1);
    expect(status.out).toMatch(/ edited/);
  }
});
