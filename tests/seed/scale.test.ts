import { describe, expect, it } from "vitest";
import { generate } from "../../scripts/seed/generate.ts";
import { SEED_MODULES } from "../../scripts/seed/modules/index.ts";
import { runSeed } from "../../scripts/seed/run-seed.ts";
import { scaleShape, spread } from "../../scripts/seed/scale.ts";
import type { SeedModule } from "../../scripts/seed/seed-module.ts";
import { addReference, untrueRows } from "../helpers/readiness.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const scale = scaleShape.parse({
  tenants: 5, workflows: 60, tasks: 500, messages: 400, events: 300, metrics: 300, articles: 20,
});
const TABLES = SEED_MODULES.flatMap((module) => module.tables(scale).map(([relation]) => relation));

describe("X3 npm run seed -- --scale", () => {
  it("X3 makes as many rows as asked, unevenly, which hold together", async () => {
    const database = await createDatabase({ migrated: true });
    const verified = await generate(database.sql, scale, () => undefined);
    expect(verified.rows).toMatchObject({
      "public.tenants": 5, "public.memberships": 15, "public.workflows": 60, "public.tasks": 500,
      "public.messages": 400, "public.events": 300, "public.performance_metrics": 300, "public.knowledge_base": 20,
      "public.components": 25,
    });
    expect(verified.rows["public.task_dependencies"]).toBeGreaterThan(50);
    const sizes = await database.sql`
      select count(*)::integer as tasks from public.tasks group by tenant_id order by count(*) desc
    `;
    expect(Number(sizes[0]?.["tasks"])).toBeGreaterThan(2 * Number(sizes.at(-1)?.["tasks"]));
    await addReference(database);
    expect(await untrueRows(database)).toBe(0);
  });

  it("X3 makes the same rows of the same seed, and others of another one", async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => createDatabase({ migrated: true })));
    if (one === undefined || two === undefined || three === undefined) throw new Error("A database is missing.");
    await generate(one.sql, scale, () => undefined);
    await generate(two.sql, scale, () => undefined);
    await generate(three.sql, { ...scale, seed: 2 }, () => undefined);
    const told = await contentOf(one);
    expect(await contentOf(two)).toEqual(told);
    const other = await contentOf(three);
    for (const relation of TABLES) expect(other[relation], relation).not.toBe(told[relation]);
  });

  it("X3 keeps nothing when something is not true", async () => {
    const database = await createDatabase({ migrated: true });
    const liar: SeedModule = {
      name: "liar",
      tables: () => [],
      load: async ({ sql }) => {
        await sql`update public.workflows set tasks_total = tasks_total + 1`;
      },
      checks: [],
    };
    await expect(generate(database.sql, scale, () => undefined, [...SEED_MODULES, liar])).rejects.toMatchObject({
      code: "untrue",
      detail: "Not true: the counters of workflows are those of a recount (60 wrong).",
    });
    expect(await database.sql`select from public.tenants`).toHaveLength(0);
    expect(await database.sql`select from auth.users`).toHaveLength(0);
  });

  it("X3 asks before it adds to rows, and refuses a seed twice", async () => {
    const database = await createDatabase({ migrated: true });
    const few = ["--tenants", "2", "--workflows", "2", "--tasks", "4", "--messages", "4"];
    const seed = (...more: string[]) => run(["--scale", "--db-url", database.url, ...few, ...more]);
    expect(await seed()).toMatchObject({ code: 0 });
    expect(await seed("--seed", "2")).toEqual({ code: 1, told: expect.stringContaining("has rows already") });
    expect(await seed("--seed", "2", "--yes")).toMatchObject({ code: 0 });
    expect(await seed("--seed", "2", "--yes")).toEqual({
      code: 1, told: expect.stringContaining("take another --seed"),
    });
    expect(await database.sql`select from public.tenants`).toHaveLength(4);
  });

  it("X3 names another machine only with --yes, and says what it does not understand", async () => {
    expect(await run(["--scale", "--db-url", "postgresql://postgres@db.example.test/postgres"])).toEqual({
      code: 1, told: expect.stringContaining("is not on this machine"),
    });
    expect(await run(["--scale", "--tasks", "many"])).toEqual({ code: 2, told: expect.stringContaining("--tasks") });
    expect(await run(["--tasks", "5"])).toEqual({ code: 2, told: expect.stringContaining("--scale") });
  });
});

describe("X3 sizes", () => {
  const cases = [[100, 7], [1000, 1000], [3, 5], [10_000, 3]] as const;
  it.each(cases)("X3 %i are spread over %i places, none lost", (total, places) => {
    const sizes = spread(total, places);
    expect(sizes).toHaveLength(places);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
  });
});

async function run(argv: readonly string[]): Promise<{ code: number; told: string }> {
  const lines: string[] = [];
  const code = await runSeed(argv, {
    isInteractive: false,
    print: (line) => lines.push(line),
    tell: (line) => lines.push(line),
    ask: () => Promise.reject(new Error("Nobody is there to ask.")),
  });
  return { code, told: lines.join("\n") };
}

/** A hash of all rows of each table, stamps of the moment aside. */
async function contentOf(database: TestDatabase): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const relation of TABLES) {
    const [row] = await database.sql.unsafe(`
      select md5(string_agg(r.row, '' order by r.row)) as hash
      from (
        select (to_jsonb(r) - '{created_at,updated_at,started_at,finished_at,status_since,status_seconds}'::text[])::text as row
        from ${relation} as r
      ) as r
    `);
    content[relation] = String(row?.["hash"]);
  }
  return content;
}
