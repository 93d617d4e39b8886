import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { ODDITIES } from "../../scripts/import/report/oddity.ts";
import { REFUSALS } from "../../scripts/import/report/refusal.ts";
import { EXIT_CODES } from "../../scripts/import/import-error.ts";
import { PLACES } from "../../scripts/import/source/places.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/importing.md"), "utf8");

function rowsOf(heading: string): readonly (readonly [string, string])[] {
  const section = page.split("\n## ").find((each) => each.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]);
}

it("O9 docs/importing.md lists every reason to refuse, and no other", () => {
  expect(rowsOf("Why a file is refused")).toEqual(Object.entries(REFUSALS));
});

it("O9 docs/importing.md lists every oddity, and no other", () => {
  expect(rowsOf("Oddities")).toEqual(Object.entries(ODDITIES));
});

it("O9 docs/importing.md names every place and every exit code", () => {
  for (const place of PLACES) expect(page).toContain(`\`${place}\``);
  const codes = [...page.matchAll(/^\| (\d+) \| /gm)].map((match) => Number(match[1]));
  expect(codes).toEqual([0, 1, ...new Set(Object.values(EXIT_CODES))]);
});
