import { getAuthSchemaSql } from "@supabase/lite";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

/** The columns of each auth table that a script creates. */
function authColumns(script: string): Map<string, Set<string>> {
  const tables = new Map<string, Set<string>>();
  for (const [, table, body] of script.matchAll(
    /create table (?:if not exists )?auth\.(\w+) \(([\s\S]*?)\n\);/gi,
  )) {
    const columns = [...(body ?? "").matchAll(/^\s*([a-z_]+)\s+[a-z]/gm)].map(([, name]) => name ?? "");
    tables.set(table ?? "", new Set(columns));
  }
  return tables;
}

it("has every auth table and column that the local auth server writes", () => {
  const ours = authColumns(readFileSync(path.join(import.meta.dirname, "bootstrap.sql"), "utf8"));
  const needed = authColumns(getAuthSchemaSql());
  expect(needed.size).toBeGreaterThanOrEqual(6);
  for (const [table, columns] of needed) {
    const missing = [...columns].filter((column) => !ours.get(table)?.has(column));
    expect(missing, `auth.${table}`).toEqual([]);
  }
});
