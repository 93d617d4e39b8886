import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeDifference, diffFingerprints } from "../../scripts/catalog/fingerprint-diff.ts";
import { readFingerprint } from "../../scripts/catalog/fingerprint.ts";
import { listPgtapFiles, runPgtap } from "../../scripts/test/pgtap.ts";
import { runPgtapFile } from "../../scripts/test/pgtap/run-file.ts";
import { createDatabase } from "../helpers/database.ts";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/adding-a-table.md"), "utf8");

/** The block of the page that is fenced as ```sql <name>. */
function block(name: string): string {
  const text = new RegExp(`^\`\`\`sql ${name}\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)?.[1];
  if (text === undefined) throw new Error(`docs/adding-a-table.md has no block \`\`\`sql ${name}.`);
  return text;
}

describe("docs/adding-a-table.md", async () => {
  const database = await createDatabase({ migrated: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-page-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const before = await readFingerprint(database.sql);

  it("its migration applies", async () => {
    await database.sql.begin((transaction) => transaction.unsafe(block("migration")).simple());
    const [row] = await database.sql<{ owner: string }[]>`
      select owner_column as owner from private.enrollments where relation = 'public.notes'`;
    expect(row?.owner).toBe("author_id");
  });

  it("its test passes", async () => {
    const file = path.join(folder, "notes.test.sql");
    const cast = path.join(root, "supabase/tests/helpers/cast.psql");
    writeFileSync(file, block("test").replace("../helpers/cast.psql", path.relative(folder, cast)));
    const result = await runPgtapFile(database.url, file, "notes.test.sql");
    expect(result.failures).toEqual([]);
    expect(result.passed).toBe(4);
  });

  it("S2: the rules for every table hold for the new one", async () => {
    await database.disconnect();
    const files = listPgtapFiles(root).filter((file) => file.includes("/catalog/"));
    const results = await runPgtap({ url: database.url, root, files });
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results.length).toBe(files.length);
  });

  it("X1: its rollback leaves nothing behind", async () => {
    await database.sql.begin((transaction) => transaction.unsafe(block("rollback")).simple());
    expect(describeDifference(diffFingerprints(before, await readFingerprint(database.sql)))).toBe("");
  });
});
