import { describe, expect, it } from "vitest";
import { isComment, matchesStatements, splitStatements } from "./statements.ts";

const split = (sql: string): string[] => splitStatements(sql).map(({ text }) => text);

describe("splitStatements", () => {
  it.each([
    ["trims and leaves out empty ones", " select 1 ;\n;; select 2", ["select 1", "select 2"]],
    ["keeps comments with what follows", "-- a;\nselect 1;\n/* b; /* c; */ */\nselect 2; -- d;", [
      "-- a;\nselect 1",
      "/* b; /* c; */ */\nselect 2",
      "-- d;",
    ]],
    ["strings", "select 'a;''b;'; select E'a\\';b'; select 'a\\'; select 2", [
      "select 'a;''b;'",
      "select E'a\\';b'",
      "select 'a\\'",
      "select 2",
    ]],
    ["quoted names", 'select 1 as "a;""b"; select 2', ['select 1 as "a;""b"', "select 2"]],
    ["dollar quotes", "do $$ begin; end $$; do $a$ $b$; $$;$a$; select 1", [
      "do $$ begin; end $$",
      "do $a$ $b$; $$;$a$",
      "select 1",
    ]],
    ["parameters and names with a dollar", "select $1; select a$b$; select c$b$", [
      "select $1",
      "select a$b$",
      "select c$b$",
    ]],
    [
      "sql-standard bodies",
      "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
      [
        "create function f() returns int begin atomic select case when true then 1 end; select 2; end",
        "select 3",
      ],
    ],
    ["what is not closed", "select 'a; b", ["select 'a; b"]],
  ])("%s", (_, sql, expected) => {
    expect(split(sql)).toEqual(expected);
  });

  it("says where each begins", () => {
    const sql = "select 1;\n\n  select 2;";
    expect(splitStatements(sql).map(({ start, text }) => sql.slice(start, start + text.length))).toEqual([
      "select 1",
      "select 2",
    ]);
  });
});

describe("matchesStatements", () => {
  const sql =
    "-- Why; this.\ncreate table a (b text default 'x;  y');\n\ndo $$ begin perform 1; end $$;\n-- The end.\n";

  it("holds for the file as it was", () => {
    expect(matchesStatements(sql, split(sql))).toBe(true);
  });

  it.each([
    ["line endings", sql.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${sql}`],
    ["empty lines and semicolons between statements", sql.replace(";\n\ndo", ";\n;;\n\n\ndo")],
  ])("does not mind %s", (_, edited) => {
    expect(matchesStatements(edited, split(sql))).toBe(true);
  });

  it.each([
    ["a comment", sql.replace("Why", "How")],
    ["white space in a string", sql.replace("x;  y", "x; y")],
    ["a word in a body", sql.replace("perform 1", "perform 2")],
    ["a semicolon in a body", sql.replace("perform 1;", "perform 1;;")],
    ["a statement more", `${sql}select 1;`],
    ["a statement less", sql.split("do $$")[0] ?? ""],
    [
      "statements in another order",
      "do $$ begin perform 1; end $$;\n-- Why; this.\ncreate table a (b text default 'x;  y');\n-- The end.\n",
    ],
    ["a semicolon taken away", sql.replace("');", "')")],
    ["nothing left", ""],
  ])("notices %s", (_, edited) => {
    expect(matchesStatements(edited, split(sql))).toBe(false);
  });
});

it("isComment tells comments from statements", () => {
  expect(isComment("-- a\n/* b; */ -- c")).toBe(true);
  expect(isComment("-- a\nselect 1")).toBe(false);
});
