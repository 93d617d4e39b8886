import { expect, it } from "vitest";
import { generateTypes, readTypes, typesAreStale } from "../../scripts/types/database-types.ts";
import { parseTarget } from "../../scripts/migrate/target.ts";
import { createDatabase } from "../helpers/database.ts";

it("types/database.ts fits the migrations (npm run types)", async () => {
  const { url } = await createDatabase({ migrated: true });
  expect(await generateTypes(parseTarget(url))).toBe(readTypes());
});

it("a changed column makes it stale", async () => {
  const { sql, url } = await createDatabase({ migrated: true });
  await sql`alter table public.tenants add column nickname text`;
  expect(await typesAreStale(url)).toBe(true);
});
