import type postgres from "postgres";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { claim, createQueue, fill, findFaults, type TestQueue } from "./queue.ts";

describe("several workers at once", () => {
  it.each([2, 8])("T6 %i never get the same job, and together get every one", async (workers) => {
    const queue = await createQueue(50);
    await fill(queue, 40);
    const given = await Promise.all(
      queue.connect(workers).map((sql, place) => drain(sql, `worker ${place}`, (turn) => 1 + (turn * 7 + place * 5) % 23)),
    );
    const ids = given.flat();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(2000);
    expect(await findFaults(queue.sql)).toEqual([]);
    expect(await countOf(queue, "public.finished_jobs where status = 'succeeded' and attempt = 1")).toBe(2000);
    expect(await countOf(queue, "public.job_queue")).toBe(0);
    expect(await countOf(queue, "private.job_leases")).toBe(0);
  });

  it("T6 never go beyond the limit of a tenant", async () => {
    const queue = await createQueue(5);
    await queue.sql`update ops.job_queues set max_running_per_tenant = 3 where name = 'default'`;
    await fill(queue, 40);
    const connections = queue.connect(8);

    const first = await Promise.all(connections.map((sql, place) => claim(sql, `worker ${place}`, 10)));
    expect(first.flat()).toHaveLength(15);
    expect(await mostRunning(queue.sql)).toBe(3);
    await queue.sql`select public.release_jobs(l.lease_id) from private.job_leases as l`;

    const most = await Promise.all(connections.map(async (sql, place) => {
      const seen: number[] = [];
      for (let turn = 0; turn < 25; turn += 1) {
        const jobs = await claim(sql, `worker ${place}`, 1 + (turn + place) % 4);
        seen.push(await mostRunning(sql));
        const [job] = jobs;
        if (job !== undefined) await sql`select public.complete_jobs(${job.lease_id})`;
      }
      return Math.max(...seen);
    }));
    expect(Math.max(...most)).toBe(3);
    expect(await findFaults(queue.sql)).toEqual([]);
    expect(await countOf(queue, "private.job_leases")).toBe(0);
  });
});

/** Claims and completes until nothing is left; the ids it was given. */
async function drain(sql: postgres.Sql, worker: string, batchOf: (turn: number) => number): Promise<string[]> {
  const ids: string[] = [];
  for (let turn = 0;; turn += 1) {
    const jobs = await claim(sql, worker, batchOf(turn));
    const [job] = jobs;
    if (job === undefined) return ids;
    ids.push(...jobs.map(({ job_id }) => job_id));
    await sql`select public.complete_jobs(${job.lease_id})`;
  }
}

async function countOf({ sql }: TestQueue, from: string): Promise<number> {
  const [row] = await sql.unsafe(`select count(*)::integer as count from ${from}`);
  return z.object({ count: z.number() }).parse(row).count;
}

/** The most jobs that one tenant has at work, in one look. */
async function mostRunning(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`
    select coalesce(max(jobs), 0)::integer as most
    from (select count(*) as jobs from public.job_queue where status = 'running' group by tenant_id) as running
  `;
  return z.object({ most: z.number() }).parse(row).most;
}
