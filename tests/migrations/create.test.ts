import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { z } from "zod";
import { irreversibleReason, listMigrations } from "../../scripts/migrate/migration-files.ts";
import { isComment } from "../../scripts/migrate/statements.ts";
import { makeProject, migrate, TWO_TABLES } from "./project.ts";

it("create makes a migration and its rollback, newest of all, with a header", async () => {
  const project = makeProject(TWO_TABLES);
  const run = await migrate(["create", "shop_late_orders", "--workdir", project, "--json"]);
  expect(run.code, run.err).toBe(0);
  const files = z.object({ created: z.array(z.string()) }).parse(JSON.parse(run.out)).created;
  expect(files).toHaveLength(2);
  for (const file of files) {
    expect(path.basename(file)).toMatch(/^\d{14}_shop_late_orders\.sql$/);
    const text = readFileSync(path.join(project, file), "utf8");
    expect(isComment(text)).toBe(true);
    expect(irreversibleReason(text)).toBeNull();
  }
  expect(listMigrations(project).at(-1)).toMatchObject({ name: "shop_late_orders", hasRollback: true });
  // In the same second, and after a file from the future.
  await migrate(["create", "shop_next", "--workdir", project]);
  expect(listMigrations(project).at(-1)?.name).toBe("shop_next");
});

it.each([
  "orders",
  "Shop_orders",
  "shop-orders",
  "shop_",
  "_shop",
  "shop orders",
  "a_b_c_d_e_f",
  "../shop_x",
  "shop__x",
  "1shop_x",
])(
  'create refuses the name "%s"',
  async (name) => {
    const run = await migrate(["create", "--workdir", makeProject(TWO_TABLES), "--", name]);
    expect(run.code).toBe(2);
    expect(run.err).toContain("is no name for a migration");
  },
);

it("create refuses a name in use and never overwrites a file", async () => {
  const project = makeProject(TWO_TABLES);
  expect((await migrate(["create", "shop_books", "--workdir", project])).err).toContain(
    "has that name already",
  );

  vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z"), toFake: ["Date"] });
  try {
    const rollback = path.join(project, "supabase", "rollbacks", "20261121120000_shop_orders.sql");
    mkdirSync(path.dirname(rollback), { recursive: true });
    writeFileSync(rollback, "mine");
    const run = await migrate(["create", "shop_orders", "--workdir", project]);
    expect(run.code).toBe(2);
    expect(readFileSync(rollback, "utf8")).toBe("mine");
    expect(existsSync(path.join(project, "supabase", "migrations", "20261121120000_shop_orders.sql"))).toBe(
      false,
    );
  } finally {
    vi.useRealTimers();
  }
});

it("a file that would never be applied, or shares its version, stops every command", async () => {
  const named = makeProject({ migrations: { "shop_books.sql": "select 1;" } });
  expect((await migrate(["status", "--workdir", named])).err).toContain("would never be applied; rename it");
  const twice = makeProject({ migrations: { "20260101000100_a_b.sql": "", "20260101000100_c_d.sql": "" } });
  expect((await migrate(["status", "--workdir", twice])).err).toContain("have the same version");
});
