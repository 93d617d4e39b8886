import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { claim, createQueue, fill, findFaults, outcomeOf, type TestQueue } from "./queue.ts";

describe("jobs that several would end at once", () => {
  let queue: TestQueue;

  beforeAll(async () => {
    queue = await createQueue(4);
    await fill(queue, 250);
  });

  it("T6 end once: completed, cancelled, failed, given back or taken back", async () => {
    const [first, second, third, fourth, fifth] = queue.connect(5);
    if (!first || !second || !third || !fourth || !fifth) throw new Error("There are not five connections.");
    const outcomes = new Set<string>();
    for (let round = 0; round < 40; round += 1) {
      const jobs = await claim(queue.sql, "worker", 20);
      const ids = jobs.map(({ job_id }) => job_id);
      const lease = jobs[0]?.lease_id ?? "";
      if (round % 2 === 0) await queue.sql`update private.job_leases set expires_at = now() - interval '1 second'`;
      const results = await Promise.all([
        outcomeOf(first`select public.complete_jobs(${lease}, ${ids.slice(0, 15)}::uuid[])`),
        cancelEach(second, jobs.slice(10)),
        outcomeOf(third`select public.requeue_expired_jobs()`),
        outcomeOf(fourth`select public.fail_job(${lease}, ${ids[round % 20] ?? ""}, 'No.', '0')`),
        outcomeOf(fifth`select public.release_jobs(${lease}, ${ids.slice(5, 9)}::uuid[])`),
        outcomeOf(queue.sql`select public.heartbeat_job(${lease}, '1 second')`),
      ]);
      for (const result of results) outcomes.add(result);
      expect(await findFaults(queue.sql), `round ${round}`).toEqual([]);
      expect(await countJobs(queue), `round ${round}`).toBe(1000);
    }
    expect([...outcomes].filter((outcome) => !["done", "PT409"].includes(outcome))).toEqual([]);
    expect(outcomes).toContain("PT409");
  });

  it("T6 are all over in the end, and no lease is left", async () => {
    await queue.sql`update private.job_leases set expires_at = now() - interval '1 second'`;
    for (;;) {
      const [job] = await claim(queue.sql, "last", 1000);
      if (job === undefined) break;
      await queue.sql`select public.complete_jobs(${job.lease_id})`;
    }
    expect(await findFaults(queue.sql)).toEqual([]);
    const [left] = await queue.sql`
      select (select count(*) from private.job_leases)::integer as leases, (select count(*) from public.job_queue)::integer as jobs
    `;
    expect(left).toEqual({ leases: 0, jobs: 0 });
    expect(await countJobs(queue)).toBe(1000);
  });
});

/** One after another; the worst answer. */
async function cancelEach(
  sql: TestQueue["sql"],
  jobs: readonly { readonly tenant_id: string; readonly job_id: string }[],
): Promise<string> {
  let worst = "done";
  for (const { tenant_id, job_id } of jobs) {
    const outcome = await outcomeOf(sql`select public.cancel_job(${tenant_id}, ${job_id})`);
    if (outcome !== "done") worst = outcome;
  }
  return worst;
}

/** Waiting, running and over. */
async function countJobs({ sql }: TestQueue): Promise<number> {
  const [row] = await sql`
    select ((select count(*) from public.job_queue) + (select count(*) from public.finished_jobs))::integer as jobs
  `;
  return z.object({ jobs: z.number() }).parse(row).jobs;
}
