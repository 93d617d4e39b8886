import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/migrate/migration-files.ts";

const HOLES = 27;
const SQL_DIR = "supabase/tests/attacks";
const HTTP_DIR = "tests/attacks";

const files = [
  ...listFiles(SQL_DIR, /^(\d\d)_[a-z0-9_]+\.test\.sql$/),
  ...listFiles(HTTP_DIR, /^(\d\d)-[a-z0-9-]+\.test\.ts$/),
];
const page = readFileSync(path.join(projectDir, SQL_DIR, "README.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| \d\d \|/.test(line));

describe("the known holes", () => {
  it("are all tried, in SQL at the least", () => {
    const inSql = new Set(files.filter(({ file }) => file.endsWith(".sql")).map(({ number }) => number));
    expect([...inSql].sort((a, b) => a - b)).toEqual(Array.from({ length: HOLES }, (_, place) => place + 1));
    expect(files.filter(({ number }) => number > HOLES)).toEqual([]);
  });

  it("have a line each in the page, in their order", () => {
    expect(rows.map((line) => Number(line.slice(2, 4)))).toEqual(
      Array.from({ length: HOLES }, (_, place) => place + 1),
    );
  });

  it("have every file of theirs linked from their line", () => {
    const missing = files.filter(({ file, number }) => !rows[number - 1]?.includes(`](${linkTo(file)})`));
    expect(missing).toEqual([]);
  });
});

function listFiles(folder: string, pattern: RegExp): { file: string; number: number }[] {
  return readdirSync(path.join(projectDir, folder)).flatMap((name) => {
    const number = pattern.exec(name)?.[1];
    return number === undefined ? [] : [{ file: `${folder}/${name}`, number: Number(number) }];
  });
}

function linkTo(file: string): string {
  return path.posix.relative(SQL_DIR, file);
}
