import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { plantCheck, type Planted } from "./one-check.ts";
import { db } from "./run.ts";

let url: string;
let plant: (...findings: Planted[]) => Promise<void>;
let remove: () => Promise<unknown>;

beforeAll(async () => {
  const database = await createDatabase({ migrated: true });
  url = database.url;
  plant = await plantCheck(database.sql);
  remove = () => database.sql`delete from ops.health_checks where name = 'planted'`;
});

describe("P6 health", () => {
  it.each(
    [
      ["ok", 0, [{ status: "ok" }]],
      ["warn", 1, [{ status: "warn" }]],
      ["critical", 2, [{ status: "warn" }, { status: "critical" }]],
    ] as const,
  )("ends with the code of %s: %i", async (status, code, findings) => {
    await plant(...findings);
    const text = await db(["health", "--db-url", url]);
    expect(text.code, text.err).toBe(code);
    expect(text.out.split("\n")[0]).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+/\\w+: ${status}$`));
    const json = await db(["health", "--db-url", url, "--json"]);
    expect(json.code).toBe(code);
    expect(JSON.parse(json.out)).toMatchObject({ status, checks: [{ name: "planted", status }] });
  });

  it("shows each finding with its remedy, and colour only where it is wanted", async () => {
    await plant({ status: "critical", message: "It leaks.", remedy: "select 1;\nselect 2;" });
    const plain = (await db(["health", "--db-url", url])).out;
    expect(plain).toContain("critical  A planted check (planted)\n  critical  It leaks.\n    select 1;\n    select 2;");
    expect(plain).not.toContain("\u001b");
    const coloured = (await db(["health", "--db-url", url], { isColoured: true })).out;
    expect(coloured).toContain("\u001b[31mcritical\u001b[0m  It leaks.");
  });

  it("lets no text of the database write to the terminal", async () => {
    await plant({
      status: "warn",
      message: "\u001b[2J\u001b[1;1Hok\r\n\u202eall is well\u009b1m",
      remedy: "-- \u001b]0;x\u0007",
    });
    const { out } = await db(["health", "--db-url", url], { isColoured: true });
    expect(out.replaceAll(/\u001b\[\d+m/g, "")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).toContain("\\u001b[2J\\u001b[1;1Hok \\u202eall is well\\u009b1m");
    expect(out).toContain("-- \\u001b]0;x\\u0007");
  });

  it("is not ok, but unknown, when nothing was checked", async () => {
    await remove();
    const { code, out } = await db(["health", "--db-url", url]);
    expect([code, out.split("\n")[0]]).toEqual([1, expect.stringMatching(/: unknown$/)]);
  });
});
