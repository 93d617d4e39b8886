import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sections } from "../../scripts/db/report/sections.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { plantCheck } from "./one-check.ts";
import { db } from "./run.ts";

const HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)> & \"'` | [x](https://evil.test)";

const dataShape = z.object({
  recommendations: z.array(z.object({ severity: z.string(), reasons: z.array(z.string()), remedy: z.string() })),
  sections: z.array(z.object({
    title: z.string(),
    unavailable: z.string().nullable(),
    rows: z.array(z.record(z.string(), z.unknown())),
  })),
});

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rowhouse-report-"));
  database = await createDatabase({ migrated: true });
  const plant = await plantCheck(database.sql);
  await plant(
    { status: "warn", message: "Second.", remedy: "select 2;" },
    { status: "critical", message: HOSTILE, remedy: `select '${HOSTILE}' -- \`\`\`\`` },
    { status: "warn", message: "Third.", remedy: "select 2;" },
    { status: "warn", message: "Nothing to run." },
  );
  // With rows, so that it is among the largest, which the report names.
  await database.sql.unsafe(`
    create table public."<b>|*bold*|</b>" (id integer primary key);
    insert into public."<b>|*bold*|</b>" select generate_series(1, 20000)`).simple();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("P6 report", () => {
  it("is one page without scripts or anything from elsewhere, in which every text is only text", async () => {
    const file = path.join(folder, "report.html");
    const { code, out, err } = await db(["report", "--db-url", database.url, "--out", file]);
    expect([code, out, err]).toEqual([0, "", `Wrote ${file}.`]);
    expect(statSync(file).mode & 0o077).toBe(0);
    const page = readFileSync(file, "utf8");
    for (const { title } of sections) expect(page).toContain(`>${title}</h2>`);
    expect(page).not.toMatch(/<(script|img|link|iframe|object|embed|form|b)\b/i);
    expect(page).not.toMatch(/\s(src|on\w+)\s*=\s*"/i);
    expect([...page.matchAll(/href="([^"]*)"/g)].filter(([, address]) => !address?.startsWith("#"))).toEqual([]);
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(page).toContain(
      "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &amp; &quot;&#39;`",
    );
    expect(page).toContain("&lt;b&gt;|*bold*|&lt;/b&gt;");
  });

  it("as Markdown lets no text make a link, a tag, a column or the end of a fence", async () => {
    const { code, out } = await db(["report", "--format", "markdown", "--db-url", database.url]);
    expect(code).toBe(0);
    expect(out).toContain("\\<b\\>\\|\\*bold\\*\\|\\</b\\>");
    expect(out).toContain("`````sql\nselect '</pre>");
    const outside = out.replaceAll(/^(`{3,})sql\n[^]*?\n\1$/gm, "");
    expect(outside).not.toMatch(/(?<!\\)</);
    expect(outside).not.toMatch(/(?<!\\)\]\(/);
    // Each line of a table has as many columns as its heading.
    const widths = (line: string) => line.split(/(?<!\\)\|/).length;
    for (const table of outside.split("\n\n").filter((block) => block.startsWith("|"))) {
      const lines = table.trimEnd().split("\n");
      expect(new Set(lines.map(widths)), table).toHaveLength(1);
    }
  });

  it("recommends the gravest first, and the same SQL once", async () => {
    const { out } = await db(["report", "--json", "--db-url", database.url]);
    const { recommendations } = dataShape.parse(JSON.parse(out));
    expect(recommendations.map(({ severity, reasons }) => [severity, reasons])).toEqual([
      ["critical", [HOSTILE]],
      ["warn", ["Second.", "Third."]],
    ]);
  });

  it("reads every section from its function, and says why one has nothing to show", async () => {
    const { url, adminUrl } = await createDatabase({ migrated: true });
    const read = async () => {
      const { code, out, err } = await db(["report", "--json", "--db-url", url]);
      expect(code, err).toBe(0);
      return new Map(dataShape.parse(JSON.parse(out)).sections.map((section) => [section.title, section]));
    };
    const whole = await read();
    expect([...whole.values()].filter(({ unavailable }) => unavailable !== null)).toEqual([]);
    for (const title of ["Connections", "Table sizes", "Schedules", "Wraparound"]) {
      expect(whole.get(title)?.rows.length, title).toBeGreaterThan(0);
    }
    const admin = postgres(adminUrl, { max: 1 });
    await admin`drop extension pg_stat_statements`;
    await admin.end();
    const without = await read();
    expect(without.get("Slow queries")).toMatchObject({
      rows: [],
      unavailable: expect.stringMatching(/pg_stat_statements/),
    });
  });

  it("is an error of the schema's version when a function or a column is missing", async () => {
    const { url, sql } = await createDatabase({ migrated: true });
    await sql`alter function ops.get_table_sizes() rename to get_sizes`;
    const { code, out, err } = await db(["report", "--db-url", url]);
    expect([code, out]).toEqual([5, ""]);
    expect(err).toContain(
      "The database has another version of schema ops: function ops.get_table_sizes() does not exist.",
    );
  });

  it("is refused for a file that cannot be written", async () => {
    const { code, err } = await db(["report", "--db-url", database.url, "--out", path.join(folder, "none", "x.html")]);
    expect(code).toBe(5);
    expect(err).toMatch(/^The report cannot be written: ENOENT/);
  });
});
