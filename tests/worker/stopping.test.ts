import { expect, it } from "vitest";
import { z } from "zod";
import type { JobSource } from "../../client/worker/job-source.ts";
import { WorkerError } from "../../client/worker/worker-error.ts";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { waitFor } from "../helpers/wait.ts";
import { promised, useWorkshop } from "./workshop.ts";

const workshop = useWorkshop();
const anything = z.unknown();

it("T6 stopping waits for the jobs under way and claims no more", async () => {
  const { enqueue, hire, finished, queued, database } = workshop();
  await enqueue("hold");
  const begun = promised();
  const door = promised<string>();
  const worker = hire([defineJob("hold", anything, () => {
    begun.keep();
    return door.promise;
  })], { concurrency: 5 });
  await worker.start();
  await begun.promise;
  const stopped = worker.stop();
  await enqueue("hold");
  door.keep("done");
  await stopped;
  expect(await finished(1)).toMatchObject([{ status: "succeeded", result: "done" }]);
  expect(await queued()).toMatchObject([{ status: "queued", attempt: 0 }]);
  await waitFor("end of the worker's connections", async () => {
    const rows = await database.sql`
      select from pg_stat_activity where application_name = 'rowhouse worker' and datname = current_database()
    `;
    return rows.length === 0 || undefined;
  });
});

it("T6 jobs that arrive after stopping began go back without an attempt", async () => {
  const { enqueue, hire, queued, database } = workshop();
  for (let job = 0; job < 3; job += 1) await enqueue("never");
  const claimed = promised();
  const door = promised();
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    claim: async (batch) => {
      const jobs = await source.claim(batch);
      claimed.keep();
      await door.promise;
      return jobs;
    },
  });
  let begun = 0;
  const worker = hire([defineJob("never", anything, () => begun += 1)], { wrap });
  await worker.start();
  await claimed.promise;
  expect(await queued()).toEqual(Array(3).fill({ type: "never", status: "running", attempt: 1, last_error: null }));
  const stopped = worker.stop();
  door.keep();
  await stopped;
  expect(await queued()).toEqual(Array(3).fill({ type: "never", status: "queued", attempt: 0, last_error: null }));
  expect([...await database.sql`select from private.job_leases`]).toEqual([]);
  expect(begun).toBe(0);
});

it("T6 after the grace the rest is aborted and goes back, to run again at once", async () => {
  const { enqueue, hire, queued, database } = workshop();
  await enqueue("hold");
  const begun = promised();
  const reasons: unknown[] = [];
  const worker = hire([defineJob("hold", anything, (_, { signal }) => {
    signal.addEventListener("abort", () => reasons.push(signal.reason));
    begun.keep();
    return new Promise(() => undefined);
  })], { graceSeconds: 0 });
  await worker.start();
  await begun.promise;
  await worker.stop();
  const reason = "The worker stopped before the job was done.";
  expect(reasons).toEqual([new WorkerError("stopped", reason)]);
  expect(await queued()).toEqual([{ type: "hold", status: "queued", attempt: 1, last_error: reason }]);
  expect([...await database.sql`select run_at <= now() as is_due from public.job_queue`]).toEqual([{ is_due: true }]);
});

it("T6 what ends in the same moment as the grace is told all the same", async () => {
  const { enqueue, hire, finished } = workshop();
  await enqueue("hold");
  await enqueue("hold");
  const doors = [promised(), promised()];
  let begun = 0;
  const both = promised();
  const worker = hire([defineJob("hold", anything, () => {
    const door = doors[begun];
    begun += 1;
    if (begun === 2) both.keep();
    return door?.promise;
  })], {
    graceSeconds: 0,
    wrap: (source) => ({
      ...source,
      // The second ends while the first is on its way.
      complete: async (...call) => {
        doors[1]?.keep();
        await new Promise((resolve) => void setImmediate(resolve));
        return await source.complete(...call);
      },
    }),
  });
  await worker.start();
  await both.promise;
  doors[0]?.keep();
  await new Promise((resolve) => void setImmediate(resolve));
  await new Promise((resolve) => void setImmediate(resolve));
  await worker.stop();
  expect(await finished(2)).toMatchObject([{ status: "succeeded" }, { status: "succeeded" }]);
});

it("T6 stopping twice is stopping once; stopped, it does not start again", async () => {
  const { hire } = workshop();
  const worker = hire([]);
  const started = worker.start();
  expect(worker.start()).toBe(started);
  const stopped = worker.stop();
  expect(worker.stop()).toBe(stopped);
  await stopped;
  await expect(worker.start()).rejects.toMatchObject({ code: "stopped" });
});

it("T6 stopped before or while it starts, it leaves no connection", async () => {
  const { hire, database } = workshop();
  await hire([]).stop();
  const worker = hire([]);
  const started = worker.start();
  await worker.stop();
  await started;
  await waitFor("end of the worker's connections", async () => {
    const rows = await database.sql`
      select from pg_stat_activity where application_name = 'rowhouse worker' and datname = current_database()
    `;
    return rows.length === 0 || undefined;
  });
});

it("T6 a database that is silent does not keep a worker from stopping", async () => {
  const { hire } = workshop();
  const asked = promised();
  const worker = hire([], {
    graceSeconds: 0,
    wrap: (source) => ({
      ...source,
      claim: () => {
        asked.keep();
        return new Promise(() => undefined);
      },
    }),
  });
  await worker.start();
  await asked.promise;
  await worker.stop();
});
