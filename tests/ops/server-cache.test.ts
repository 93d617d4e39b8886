import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { type Check, openSession, runCheck, setThreshold } from "./sessions-actors.ts";

const database = await createDatabase({ migrated: true });
const { sql } = database;

function found(answer: Check): string[] {
  if (answer.reason !== null) throw new Error(answer.reason);
  return answer.findings.map((finding) => `${finding.key} ${finding.status}`).sort();
}

beforeAll(async () => {
  const session = await openSession(database.url, sql);
  await session.run(`
    create table public.things (id integer constraint things_pkey primary key, words text);
    insert into public.things select n, repeat('x', 100) from generate_series(1, 20000) as n;
    set enable_seqscan = off;
    select count(words) from public.things where id between 1 and 20000`);
  await session.end();
  await waitFor("counted blocks", async () => {
    const rows = await sql`select kind from ops.get_cache_hit_ratio(0) where blocks_hit > 0`;
    return rows.length === 2 ? true : undefined;
  });
});

describe("P1: blocks found in the cache", () => {
  it("tables are no concern above their threshold, and one below it", async () => {
    await setThreshold(sql, "cache_hit.blocks", 0, null);
    await setThreshold(sql, "cache_hit.tables_percent", -1, -1);
    await setThreshold(sql, "cache_hit.indexes_percent", -1, -1);
    expect(found(await runCheck(sql, "cache_hit"))).toEqual([]);
    await setThreshold(sql, "cache_hit.tables_percent", 100, -1);
    const answer = await runCheck(sql, "cache_hit");
    expect(found(answer)).toEqual(["tables warn"]);
    expect(Number(answer.findings[0]?.facts["blocks_hit"])).toBeGreaterThan(300);
    expect(answer.findings[0]?.facts).toHaveProperty("window_seconds");
  });

  it("indexes are judged apart from them", async () => {
    await setThreshold(sql, "cache_hit.indexes_percent", 100, 100);
    expect(found(await runCheck(sql, "cache_hit"))).toEqual(["indexes critical", "tables warn"]);
  });

  it("a kind with too few blocks is not judged", async () => {
    const [row] = await sql`
      select min(blocks_hit + blocks_read)::integer as least, max(blocks_hit + blocks_read)::integer as most
      from ops.get_cache_hit_ratio(0)
    `;
    expect(Number(row?.["most"])).toBeGreaterThan(Number(row?.["least"]));
    await setThreshold(sql, "cache_hit.blocks", Number(row?.["least"]), null);
    expect((await runCheck(sql, "cache_hit")).findings).toHaveLength(1);
  });
});
