import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openSession, type Session } from "../ops/sessions-actors.ts";
import { createQueue, findFaults, type TestQueue } from "./queue.ts";

describe("one dedupe key from several transactions", () => {
  let queue: TestQueue;
  let first: Session;
  let second: Session;

  beforeAll(async () => {
    queue = await createQueue(1);
    first = await openSession(queue.database.url, queue.sql);
    second = await openSession(queue.database.url, queue.sql);
    await queue.sql`create table public.answers (name text, job_id uuid, is_duplicate boolean)`;
  });
  afterAll(async () => {
    await first.end();
    await second.end();
  });

  const enqueue = (name: string, key: string): string =>
    `insert into public.answers
     select '${name}', j.* from public.enqueue_job('${queue.tenants[0] ?? ""}', '${name}', dedupe_key => '${key}') as j`;

  async function answers(): Promise<{ name: string; type: string; is_duplicate: boolean }[]> {
    const rows = await queue.sql`
      with gone as (delete from public.answers returning *)
      select g.name, j.type, g.is_duplicate from gone as g join public.job_queue as j on j.id = g.job_id order by g.name
    `;
    return z.array(z.object({ name: z.string(), type: z.string(), is_duplicate: z.boolean() })).parse([...rows]);
  }

  it("T6 makes one job: who comes second waits and gets the first one's", async () => {
    await first.run(`begin; ${enqueue("first", "a")}`);
    const waiting = await second.runUntilItWaits(enqueue("second", "a"));
    await first.run("commit");
    expect(await waiting.done).toBe("done");
    expect(await answers()).toEqual([
      { name: "first", type: "first", is_duplicate: false },
      { name: "second", type: "first", is_duplicate: true },
    ]);
  });

  it("T6 is the second one's when the first one takes its job back", async () => {
    await first.run(`begin; ${enqueue("first", "b")}`);
    const waiting = await second.runUntilItWaits(enqueue("second", "b"));
    await first.run("rollback");
    expect(await waiting.done).toBe("done");
    expect(await answers()).toEqual([{ name: "second", type: "second", is_duplicate: false }]);
  });

  it("T6 is the second one's when the job that held it ends meanwhile", async () => {
    await first.run(enqueue("first", "c"));
    await first.run(`begin; select public.cancel_job(tenant_id, id) from public.job_queue where dedupe_key = 'c'`);
    const waiting = await second.runUntilItWaits(enqueue("second", "c"));
    await first.run("commit");
    expect(await waiting.done).toBe("done");
    expect((await answers()).at(-1)).toEqual({ name: "second", type: "second", is_duplicate: false });
  });

  it("T6 makes one job each, when batches with the same keys in another order meet", async () => {
    const [tenant_id = ""] = queue.tenants;
    const keys = Array.from({ length: 100 }, (_, place) => `key ${place}`);
    await Promise.all(queue.connect(8).map((sql, place) => {
      const ordered = place % 2 === 0 ? keys : keys.toReversed();
      return sql`select from public.enqueue_jobs(${sql.json(ordered.map((dedupe_key) => ({ tenant_id, type: "batch", dedupe_key })))})`;
    }));
    const [row] = await queue.sql`
      select count(*)::integer as jobs, count(distinct dedupe_key)::integer as keys from public.job_queue where type = 'batch'
    `;
    expect(row).toEqual({ jobs: 100, keys: 100 });
    expect(await findFaults(queue.sql)).toEqual([]);
  });
});
