import { expect, it } from "vitest";
import { z } from "zod";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { promised, useWorkshop } from "./workshop.ts";

const workshop = useWorkshop();
const anything = z.unknown();

it("T6 no more jobs are under way than the worker may have, and none is claimed that cannot begin", async () => {
  const { database, enqueue, hire, finished } = workshop();
  for (let job = 0; job < 7; job += 1) await enqueue("hold");
  const held: { keep: (value: void) => void }[] = [];
  let underWay = 0;
  let most = 0;
  const hold = defineJob("hold", anything, async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    const door = promised();
    held.push(door);
    await door.promise;
    underWay -= 1;
  });
  await hire([hold], { concurrency: 3 }).start();
  for (let job = 0; job < 7; job += 1) {
    await expect.poll(() => held.length).toBe(Math.min(7, job + 3));
    const [row] = await database.sql`select count(*)::integer as running from public.job_queue where status = 'running'`;
    expect(row?.["running"]).toBeLessThanOrEqual(3);
    held[job]?.keep();
    await finished(job + 1);
  }
  expect(most).toBe(3);
});

it("T6 a claim takes no more than a batch", async () => {
  const { enqueue, hire, finished } = workshop();
  for (let job = 0; job < 5; job += 1) await enqueue("count");
  const sizes: number[] = [];
  await hire([defineJob("count", anything, () => undefined)], {
    concurrency: 10,
    batch: 2,
    wrap: (source) => ({
      ...source,
      claim: async (batch) => {
        const claimed = await source.claim(batch);
        if (claimed !== null) sizes.push(claimed.jobs.length);
        return claimed;
      },
    }),
  }).start();
  await finished(5);
  expect(sizes).toEqual([2, 2, 1]);
});

it("T6 jobs begin by priority and then in the order in which they were put in", async () => {
  const { enqueue, hire, finished } = workshop();
  const numbers = [1, 2, 3, 4];
  for (const number of numbers) await enqueue("count", { number }, { priority: number === 3 ? 10 : 0 });
  const begun: number[] = [];
  const shape = z.object({ number: z.number() });
  await hire([defineJob("count", shape, ({ number }) => begun.push(number))], { concurrency: 1 }).start();
  await finished(4);
  expect(begun).toEqual([3, 1, 2, 4]);
});
