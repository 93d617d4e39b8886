import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const root = path.resolve(import.meta.dirname, "../..");
const skipped = new Set(["node_modules", ".git", ".rowhouse"]);
const manifest = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")));

function pagesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : pagesIn(name);
    return entry.name.endsWith(".md") ? [name] : [];
  });
}

const pages = pagesIn("");

describe("the pages of the project", () => {
  it("are found", () => {
    expect(pages).toContain("README.md");
    expect(pages).toContain("docs/architecture.md");
  });

  it.each(pages)("%s links to files that exist", (page) => {
    const text = readFileSync(path.join(root, page), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? "");
    const missing = targets
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(path.join(root, path.dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it.each(pages)("%s names npm scripts that exist", (page) => {
    const text = readFileSync(path.join(root, page), "utf8");
    const names = [...text.matchAll(/npm run ([a-z]+(?::[a-z]+)*)/g)].map((match) => match[1] ?? "");
    expect(names.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});
