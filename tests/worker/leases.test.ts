import { expect, it } from "vitest";
import { z } from "zod";
import type { JobSource } from "../../client/worker/job-source.ts";
import { WorkerError } from "../../client/worker/worker-error.ts";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { promised, useWorkshop } from "./workshop.ts";

const workshop = useWorkshop();
const anything = z.unknown();

/** A handler that lasts until its job is taken away, and tells why it was. */
function heldJob() {
  const begun = promised();
  const reason = promised<unknown>();
  const definition = defineJob("hold", anything, (_, { signal }) => {
    signal.addEventListener("abort", () => reason.keep(signal.reason));
    begun.keep();
    return reason.promise;
  });
  return { definition, begun: begun.promise, reason: reason.promise };
}

it("T6 a job that takes three times as long as its lease stays with its worker", async () => {
  const { enqueue, hire, finished, errors, database } = workshop();
  await enqueue("hold");
  const beats = promised();
  let count = 0;
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    heartbeat: async (lease) => {
      const running = await source.heartbeat(lease);
      count += 1;
      // Three in the length of a lease.
      if (count === 9) beats.keep();
      return running;
    },
  });
  await hire([defineJob("hold", anything, () => beats.promise)], { leaseSeconds: 1, wrap }).start();
  await beats.promise;
  expect([...await database.sql`select * from public.requeue_expired_jobs()`]).toEqual([{ requeued: 0, dead: 0 }]);
  expect(await finished(1)).toMatchObject([{ status: "succeeded", attempt: 1 }]);
  expect(errors).toEqual([]);
});

it("T6 the signal of a job that is cancelled fires, and its end changes nothing any more", async () => {
  const { database, tenant, enqueue, hire, finished, errors } = workshop();
  const id = await enqueue("hold");
  const { definition, begun, reason } = heldJob();
  await hire([definition], { leaseSeconds: 1 }).start();
  await begun;
  await database.sql`select public.cancel_job(${tenant}, ${id})`;
  const cancelled = new WorkerError("lease_lost", `Job ${id}: it was cancelled, or given to others.`);
  expect(await reason).toEqual(cancelled);
  expect(await finished(1)).toMatchObject([{ status: "cancelled", result: null, error: null }]);
  expect(errors).toEqual([cancelled]);
});

it("T6 a job that is cancelled leaves the others of its lease alone", async () => {
  const { database, tenant, enqueue, hire, finished } = workshop();
  const id = await enqueue("hold");
  await enqueue("last");
  const { definition, begun, reason } = heldJob();
  const door = promised();
  const last = defineJob("last", anything, () => door.promise);
  await hire([definition, last], { leaseSeconds: 1 }).start();
  await begun;
  await database.sql`select public.cancel_job(${tenant}, ${id})`;
  expect(await reason).toMatchObject({ code: "lease_lost" });
  door.keep();
  expect(await finished(2)).toMatchObject([{ type: "hold", status: "cancelled" }, { type: "last", status: "succeeded" }]);
});

it("T6 a worker whose lease was given to others is told so and ends nothing", async () => {
  const { database, enqueue, hire, queued, errors } = workshop();
  const id = await enqueue("hold", {}, { attempts: 2 });
  const { definition, begun, reason } = heldJob();
  const worker = hire([definition], { leaseSeconds: 1, concurrency: 1 });
  await worker.start();
  await begun;
  await database.sql`select public.pause_queue('default')`;
  // As if it had been silent for too long.
  await database.sql`update private.job_leases set expires_at = now() - interval '1 s'`;
  await database.sql`select public.requeue_expired_jobs()`;
  expect(await reason).toEqual(new WorkerError("lease_lost", `Job ${id}: it was cancelled, or given to others.`));
  await worker.stop();
  expect(await queued()).toMatchObject([{ status: "queued", attempt: 1 }]);
  expect(errors.map(({ code }) => code)).toEqual(["lease_lost"]);
});

it("T6 a worker that cannot extend its lease gives the jobs up when it has run out", async () => {
  const { enqueue, hire, errors } = workshop();
  const id = await enqueue("hold");
  const { definition, begun, reason } = heldJob();
  const wrap = (source: JobSource): JobSource => ({ ...source, heartbeat: () => Promise.reject(new Error("away")) });
  await hire([definition], { leaseSeconds: 1, wrap }).start();
  await begun;
  expect(await reason).toEqual(
    new WorkerError("lease_lost", `Job ${id}: its lease ran out while the database did not answer.`),
  );
  expect(errors[0]).toMatchObject({ code: "no_answer", message: "The lease could not be extended." });
});

it("T6 a database that is silent for longer than a lease is not waited for either", async () => {
  const { enqueue, hire } = workshop();
  await enqueue("hold");
  const { definition, begun, reason } = heldJob();
  let asked = 0;
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    heartbeat: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
  });
  await hire([definition], { leaseSeconds: 1, wrap, concurrency: 1 }).start();
  await begun;
  expect(await reason).toMatchObject({ code: "lease_lost" });
  expect(asked).toBe(1);
});
