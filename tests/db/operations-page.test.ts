import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../../scripts/migrate/migration-files.ts";
import { createDatabase } from "../helpers/database.ts";

it("P1 docs/operations.md says of each check what it means and what to do, and of nothing else", async () => {
  const { sql } = await createDatabase({ migrated: true });
  const rows = await sql<{ name: string }[]>`select name from ops.health_checks order by name collate "C"`;
  const page = readFileSync(path.join(projectDir, "docs", "operations.md"), "utf8");
  const described = [...page.matchAll(/^### `(\w+)`\n\n\S/gm)].map(([, name]) => name);
  expect(described.sort()).toEqual(rows.map(({ name }) => name));
});
