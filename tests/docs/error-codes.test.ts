import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..", "..");
const page = read("docs/error-codes.md");

/** The names of SQLSTATEs that the migrations may use; PostgreSQL, appendix A. */
const SQLSTATES: Readonly<Record<string, string>> = {
  active_sql_transaction: "25001",
  check_violation: "23514",
  deadlock_detected: "40P01",
  feature_not_supported: "0A000",
  foreign_key_violation: "23503",
  insufficient_privilege: "42501",
  invalid_parameter_value: "22023",
  data_corrupted: "XX001",
  invalid_table_definition: "42P16",
  not_null_violation: "23502",
  null_value_not_allowed: "22004",
  undefined_column: "42703",
  undefined_object: "42704",
  undefined_table: "42P01",
  unique_violation: "23505",
};

/** What PostgreSQL raises without being told to. */
const OF_POSTGRES = [
  "22003",
  "22007",
  "22008",
  "22021",
  "22P02",
  "22P05",
  "2201B",
  "23502",
  "23503",
  "25006",
  "40P01",
  "42601",
  "42804",
  "54001",
  "55000",
  "55P03",
  "57014",
];

describe("docs/error-codes.md", () => {
  it("S7 lists every SQLSTATE the migrations raise, and no other", () => {
    const raised = codesRaised();
    expect([...raised].filter((code) => code.startsWith("PT")).length).toBeGreaterThan(0);
    const listed = [...codesOf("Codes of the house"), ...codesOf("SQLSTATEs raised by the house")];
    expect(listed.sort()).toEqual([...raised].sort());
  });

  it("S7 lists every code that a migration's comment promises", () => {
    const promised = migrations().flatMap((text) =>
      text.match(/\b(PT\d{3}|[0-9]{2}[0-9A-Z]{3}(?= (for|when|unless|outside|below|beyond|or)))\b/g) ?? []
    );
    expect(promised.length).toBeGreaterThan(10);
    expect([...new Set(promised)].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it("X5 lists of PostgreSQL's own codes the ones stated here", () => {
    expect(codesOf("SQLSTATEs raised by PostgreSQL itself").sort()).toEqual([...OF_POSTGRES].sort());
  });

  it("X5 gives a PTxyz the status xyz", () => {
    for (const [code = "", status] of rowsOf("Codes of the house")) expect(code).toBe(`PT${status}`);
  });

  it("P3 lists every code of the edge functions with its status, and no other", () => {
    const source = read("supabase/functions/_shared/function-error.ts");
    const [, table = ""] = /const STATUS = \{([^}]+)\}/.exec(source) ?? [];
    const codes = [...table.matchAll(/(\w+): (\d+)/g)].map(([, code, status]) => [code, status]);
    expect(codes.length).toBeGreaterThan(5);
    expect(rowsOf("Codes of edge functions").map(([code, status]) => [code, status])).toEqual(
      expect.arrayContaining(codes),
    );
    expect(rowsOf("Codes of edge functions")).toHaveLength(codes.length);
  });

  it("X1 lists every code of npm run migrate, and no other", () => {
    const [, union = ""] = /MigrateErrorCode =([^;]+);/.exec(read("scripts/migrate/migrate-error.ts")) ?? [];
    const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    const listed = codesOf("Exit codes").filter((code) => !/^\d+$/.test(code));
    expect(listed.sort()).toEqual(codes.sort());
  });

  it("X5 names each code once as a row", () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
    expect(new Set(listed).size).toBe(listed.length);
  });
});

function codesRaised(): Set<string> {
  const names = migrations().flatMap((text) => [...text.matchAll(/errcode = '(\w+)'/g)].map(([, name = ""]) => name));
  const unknown = names.filter((name) => !/^[0-9A-Z]{5}$/.test(name) && !(name in SQLSTATES));
  expect(unknown, "names of SQLSTATEs that this test must learn").toEqual([]);
  return new Set(names.map((name) => SQLSTATES[name] ?? name));
}

function migrations(): string[] {
  const folder = path.join(root, "supabase", "migrations");
  return readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
}

/** The first two columns of the tables under a heading. */
function rowsOf(heading: string): [string, string][] {
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [body = ""] = section.split("\n## ");
  const rows = [...body.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)];
  expect(rows.length, `rows under ${heading}`).toBeGreaterThan(0);
  return rows.map(([, code = "", second = ""]) => [code, second.trim()]);
}

function codesOf(heading: string): string[] {
  return rowsOf(heading).map(([code]) => code);
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
