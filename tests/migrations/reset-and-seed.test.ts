import { expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { makeProject, migrate, TWO_TABLES, writeFiles } from "./project.ts";

it("seed runs the files in order, each in one transaction; reset empties, applies and seeds beside open sessions", async () => {
  const { sql, url } = await createDatabase();
  const project = makeProject({
    ...TWO_TABLES,
    seeds: {
      "b.sql": "insert into public.prices select id from public.books;",
      "a.sql": "insert into public.books values (1) on conflict do nothing;",
    },
  });
  const on = ["--db-url", url, "--workdir", project];
  await sql`insert into auth.users (id, email) values (gen_random_uuid(), 'old@example.com')`;
  await sql`create table public.stray (id int)`;

  const reset = await migrate(["reset", ...on], { answers: ["y"] });
  expect(reset.code, reset.err).toBe(0);
  expect(reset.out).toMatch(/: 2 migrations and 2 seed files in \d+\.\d\d s\.$/);
  // The same session as before the reset.
  expect(await sql`select id from public.books`).toEqual([{ id: 1 }]);
  expect(await sql`select from auth.users`).toHaveLength(0);
  expect(await sql`select to_regclass('public.stray') as stray`).toEqual([{ stray: null }]);

  const seeded = await migrate(["seed", ...on]);
  expect(seeded.code, seeded.err).toBe(0);
  expect(await sql`select from public.books`).toHaveLength(1);
  expect(await sql`select from public.prices`).toHaveLength(2);

  writeFiles(project, {
    seeds: { "a.sql": "insert into public.books values (2);\ninsert into public.books values (1);\n" },
  });
  const failed = await migrate(["seed", ...on]);
  expect(failed.code).toBe(1);
  expect(failed.err).toContain("supabase/seeds/a.sql failed at line 2.");
  expect(failed.err).toContain("DETAIL: Key (id)=(1) already exists.");
  expect(await sql`select from public.books`).toHaveLength(1);
  expect(await sql`select from public.prices`).toHaveLength(2);
});
