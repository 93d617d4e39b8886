import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeJson } from "../json/json-node.ts";
import { Refusal } from "../report/refusal.ts";
import { findSources } from "./find-sources.ts";
import { LARGEST_FILE, readSource } from "./read-source.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-source-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: string | Buffer): string {
  const file = path.join(folder, "any.json");
  writeFileSync(file, content);
  return file;
}

function refusalOf(content: string | Buffer): Refusal {
  try {
    readSource(fileOf(content));
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("It was read.");
}

const TEXT = '{"title": "Grüße 😀",\r\n"n": 1}';
const READ = '{"title": "Grüße 😀", "n": 1}';

describe("O9 how a file may be written", () => {
  it.each<[string, Buffer]>([
    ["utf-8", Buffer.from(TEXT)],
    ["utf-8 with BOM", Buffer.from(`\ufeff${TEXT}`)],
    ["utf-16le", Buffer.from(`\ufeff${TEXT}`, "utf16le")],
    ["utf-16be", Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16()],
  ])("%s, with line breaks of Windows", (encoding, bytes) => {
    const source = readSource(fileOf(bytes));
    expect([source.encoding, writeJson(source.root)]).toEqual([encoding, READ]);
  });

  it.each<[string, string | Buffer, string, object | undefined]>([
    ["empty", "", "empty", undefined],
    ["only space", " \r\n\t", "empty", undefined],
    ["only a byte order mark", "\ufeff", "empty", undefined],
    [
      "bytes that are no UTF-8",
      Buffer.concat([Buffer.from('{\n"é": "'), Buffer.from([0xe9, 0x22, 0x7d])]),
      "not_text",
      { line: 2, column: 7 },
    ],
    ["UTF-16 without a mark", Buffer.from("{}", "utf16le"), "not_text", undefined],
    [
      "UTF-16 that breaks off",
      Buffer.concat([Buffer.from("\ufeff{}", "utf16le"), Buffer.from([0x7b])]),
      "not_text",
      undefined,
    ],
    ["a conflict at its start", '<<<<<<< HEAD\n{"a": 1}\n=======\n{}\n>>>>>>> other\n', "conflict_markers", {
      line: 1,
      column: 1,
    }],
    ["a conflict of Windows in the middle", '{\r\n=======\r\n"a": 1}', "conflict_markers", { line: 2, column: 1 }],
    ["no JSON", '{"a": 1,\n "b" 2}', "not_json", { line: 2, column: 6 }],
    ["a list without end", "[".repeat(100_000), "too_deep", { line: 1, column: 201 }],
  ])("%s is refused", (_case, content, code, place) => {
    const refusal = refusalOf(content);
    expect([refusal.code, refusal.place]).toEqual([code, place]);
  });

  it("O9 a conflict marker inside a text is a text", () => {
    expect(writeJson(readSource(fileOf('{"a": "<<<<<<< HEAD"}')).root)).toBe('{"a": "<<<<<<< HEAD"}');
  });

  it("O9 a file that is too large is not even read", () => {
    const file = fileOf("{}");
    truncateSync(file, LARGEST_FILE + 1);
    expect(() => readSource(file)).toThrow(`It has ${LARGEST_FILE + 1} bytes; the most is ${LARGEST_FILE}.`);
    expect(() => readSource(path.join(folder, "gone.json"))).toThrow("It cannot be read: ENOENT");
  });
});

describe("O9 files are found where Task Master keeps them, at any depth", () => {
  const root = path.join(folder, "code");
  const place = (name: string): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), "{}");
  };
  for (
    const name of [
      "shop/.taskmaster/tasks/tasks.json",
      "shop/tasks/tasks.json",
      "clients/one/tasks/tasks.json",
      "clients/two/.taskmaster/tasks.json",
      "three/.config/taskmaster/tasks/tasks.json",
      "four/config/.taskmaster/tasks/tasks.json",
      "five/tasks.json",
      "five/other.json",
      "six/.vscode/tasks.json",
      "six/node_modules/x/tasks.json",
    ]
  ) place(name);

  it("O9 each project once, by the newest of its places", () => {
    const { sources, shadowed } = findSources([root]);
    expect(sources.map((found) => [path.relative(root, found.path), found.source])).toEqual([
      ["clients/one/tasks/tasks.json", "clients/one"],
      ["clients/two/.taskmaster/tasks.json", "clients/two"],
      ["five/tasks.json", "five"],
      ["four/config/.taskmaster/tasks/tasks.json", "four"],
      ["shop/.taskmaster/tasks/tasks.json", "shop"],
      ["three/.config/taskmaster/tasks/tasks.json", "three"],
    ]);
    expect(shadowed.map((each) => [path.relative(root, each.path), path.relative(root, each.by)])).toEqual([
      ["shop/tasks/tasks.json", "shop/.taskmaster/tasks/tasks.json"],
    ]);
  });

  it.each([
    ["shop", "shop"],
    ["shop/.taskmaster", "shop"],
    ["shop/.taskmaster/tasks", "shop"],
    ["shop/.taskmaster/tasks/tasks.json", "shop"],
    ["five/other.json", "other"],
  ])("O9 %s has the source %s, however it is named", (given, source) => {
    expect(findSources([path.join(root, given)]).sources.map((found) => found.source)).toEqual([source]);
  });

  it("O9 a folder without one, and a path that is not there", () => {
    expect(() => findSources([path.join(root, "six")])).toThrow("There is no tasks.json in");
    expect(() => findSources([path.join(root, "seven")])).toThrow("cannot be opened");
  });
});
