import { afterAll, beforeAll, expect, it } from "vitest";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

let database: TestDatabase;

// Not a copy of a migrated database: what a role may do with the database itself is not copied.
beforeAll(async () => {
  database = await createDatabase();
  for (const migration of listMigrations(projectDir)) await applyMigration(database.sql, migration);
});
afterAll(() => database.drop());

const shadow = "create domain pg_temp.uuid as pg_catalog.uuid";

it.each(["anon", "authenticated", "service_role"])("S7 %s puts no type of its own before those of a definer function", async (role) => {
  await expect(database.sql.unsafe(`begin; set local role ${role}; ${shadow}`).simple()).rejects.toMatchObject({
    code: "42501",
    message: `permission denied to create temporary tables in database "${database.name}"`,
  });
  await database.sql.unsafe("rollback");
});

it("S7 an operator makes what they want", async () => {
  await database.sql.unsafe(`begin; ${shadow}; rollback`).simple();
});
