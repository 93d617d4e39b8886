import { describe, expect, it } from "vitest";
import { z } from "zod";
import { claim, createQueue, fill, findFaults, outcomeOf, type TestQueue } from "./queue.ts";

describe("a tenant that is deleted while its jobs", () => {
  it("T6 are completed leaves none of them", async () => {
    const queue = await createQueue(11);
    await fill(queue, 30);
    const [worker, operator] = queue.connect(2);
    if (!worker || !operator) throw new Error("There are not two connections.");
    for (const tenant of queue.tenants.slice(1)) {
      const jobs = await claim(worker, "worker", 22);
      const lease = jobs[0]?.lease_id ?? "";
      const half = jobs.filter((_, place) => place % 2 === 0).map(({ job_id }) => job_id);
      const outcomes = await Promise.all([
        outcomeOf(worker`select public.complete_jobs(${lease}, ${half}::uuid[])`),
        outcomeOf(operator`delete from public.tenants where id = ${tenant}`),
      ]);
      expect(outcomes).toEqual(["done", "done"]);
      expect(await rowsOf(queue, tenant)).toBe(0);
      expect(await findFaults(queue.sql)).toEqual([]);
      await worker`select public.release_jobs(${lease})`;
    }
    expect(await rowsOf(queue, queue.tenants[0] ?? "")).toBe(30);
  });

  it("T6 are given out and enqueued leaves none of them, once what was given out has run out", async () => {
    const queue = await createQueue(11);
    await fill(queue, 30);
    const [worker, operator, sender] = queue.connect(3);
    if (!worker || !operator || !sender) throw new Error("There are not three connections.");
    for (const tenant of queue.tenants.slice(1)) {
      const [sent, , gone] = await Promise.all([
        outcomeOf(sender`select public.enqueue_job(${tenant}, 'late', dedupe_key => 'key')`),
        claim(worker, "worker", 50),
        outcomeOf(operator`delete from public.tenants where id = ${tenant}`),
      ]);
      expect(["done", "PT404"]).toContain(sent);
      expect(gone).toBe("done");
      await queue.sql`update private.job_leases set expires_at = now() - interval '1 second'`;
      await queue.sql`select public.requeue_expired_jobs()`;
      expect(await rowsOf(queue, tenant)).toBe(0);
      expect(await findFaults(queue.sql)).toEqual([]);
    }
    expect(await rowsOf(queue, queue.tenants[0] ?? "")).toBe(30);
  });
});

/** Whatever the tables of the queue hold of a tenant. */
async function rowsOf({ sql }: TestQueue, tenant: string): Promise<number> {
  const [row] = await sql`
    select (
      (select count(*) from public.job_queue where tenant_id = ${tenant})
      + (select count(*) from public.finished_jobs where tenant_id = ${tenant})
      + (select count(*) from private.job_keys where tenant_id = ${tenant})
      + (select count(*) from private.job_leases where ${tenant} = any (tenant_ids))
    )::integer as rows
  `;
  return z.object({ rows: z.number() }).parse(row).rows;
}
