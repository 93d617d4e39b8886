import { expect, it, vi } from "vitest";
import { z } from "zod";
import type { JobSource } from "../../client/worker/job-source.ts";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { createDatabase } from "../helpers/database.ts";
import { promised, useWorkshop } from "./workshop.ts";

const workshop = useWorkshop();
const anything = z.unknown();
const count = defineJob("count", anything, () => "done");

it("T6 a worker whose connections are all cut off goes on", async () => {
  const { database, enqueue, hire, finished } = workshop();
  const begun = promised();
  const door = promised();
  await enqueue("hold");
  await hire([count, defineJob("hold", anything, () => {
    begun.keep();
    return door.promise;
  })]).start();
  await begun.promise;
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'rowhouse worker' and datname = current_database()
  `;
  door.keep();
  expect(await finished(1)).toMatchObject([{ type: "hold", status: "succeeded", attempt: 1 }]);
  await enqueue("count");
  expect(await finished(2)).toHaveLength(2);
});

it("T6 a database that is down at the start is waited for", async () => {
  const { database, enqueue, hire, finished, errors } = workshop();
  const other = await createDatabase();
  await enqueue("count");
  await database.disconnect();
  await other.sql.unsafe(`alter database "${database.name}" with allow_connections false`);
  await hire([count]).start();
  await expect.poll(() => errors.length, { timeout: 60_000 }).toBeGreaterThan(1);
  await other.sql.unsafe(`alter database "${database.name}" with allow_connections true`);
  expect(await finished(1)).toMatchObject([{ status: "succeeded", attempt: 1 }]);
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["no_answer"]));
  expect(errors.map(({ message }) => message)).toContain(
    `The database answered: database "${database.name}" is not currently accepting connections (55000).`,
  );
});

it("T6 a job whose end was noted, but the answer lost, is not done again", async () => {
  const { enqueue, hire, finished, errors } = workshop();
  let done = 0;
  let asked = 0;
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    complete: async (...call) => {
      const lost = await source.complete(...call);
      asked += 1;
      if (asked === 1) throw new Error("connection lost");
      return lost;
    },
  });
  await enqueue("count");
  const worker = hire([defineJob("count", anything, () => done += 1)], { wrap });
  await worker.start();
  expect(await finished(1)).toMatchObject([{ status: "succeeded", attempt: 1, result: 1 }]);
  await worker.stop();
  expect({ done, asked }).toEqual({ done: 1, asked: 2 });
  expect(errors).toMatchObject([{ code: "no_answer", message: "The database does not answer." }]);
});

it("T6 jobs claimed in an answer that was lost run once their lease is over", async () => {
  const { enqueue, hire, finished } = workshop();
  let claims = 0;
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    claim: async (batch) => {
      const claimed = await source.claim(batch);
      claims += 1;
      if (claims === 1) throw new Error("connection lost");
      return claimed;
    },
  });
  await enqueue("count");
  await hire([count], { wrap, leaseSeconds: 1 }).start();
  expect(await finished(1)).toMatchObject([{ status: "succeeded", attempt: 2 }]);
});

it("T6 a job that was taken away is not ended together with the last of its lease", async () => {
  const { database, enqueue, hire, queued, finished } = workshop();
  await enqueue("hold");
  await enqueue("count");
  const done = promised();
  const taken = promised();
  let beats = 0;
  // As long as the end of the one job cannot be told, no heartbeat is answered, though each counts.
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    heartbeat: async (lease) => {
      const running = await source.heartbeat(lease);
      beats += 1;
      if (beats <= 4) throw new Error("connection lost");
      return running;
    },
    complete: async (...call) => {
      await taken.promise;
      done.keep();
      return await source.complete(...call);
    },
  });
  const hold = defineJob("hold", anything, (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        taken.keep();
        reject(new Error("taken away"));
      });
    }));
  const worker = hire([count, hold], { wrap, leaseSeconds: 1, concurrency: 2 });
  await database.sql`update ops.job_queues set max_running_per_tenant = 2`;
  await worker.start();
  await done.promise;
  expect(await finished(1)).toMatchObject([{ type: "count", status: "succeeded" }]);
  await worker.stop();
  expect(await queued()).toMatchObject([{ type: "hold" }]);
});

it("T6 hooks that throw or reject become warnings, and change nothing", async () => {
  const { enqueue, hire, finished } = workshop();
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await enqueue("count");
  await enqueue("strange", {}, { attempts: 1 });
  await hire([count], {
    hooks: {
      onAttempt: ({ type }) => {
        if (type === "count") throw new Error("thrown");
        return Promise.reject(new Error("rejected"));
      },
    },
  }).start();
  expect(await finished(2)).toHaveLength(2);
  const causes = warn.mock.calls.map(([warning]) => warning instanceof Error ? warning.cause : warning);
  warn.mockRestore();
  expect(causes).toEqual(expect.arrayContaining([new Error("thrown"), new Error("rejected")]));
});

it("T6 what the database says is reported in its words, and it is asked again", async () => {
  const { database, enqueue, hire, finished, errors } = workshop();
  await enqueue("count");
  await database.sql`alter table ops.job_queues rename to job_queues_away`;
  await hire([count]).start();
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  await database.sql`alter table ops.job_queues_away rename to job_queues`;
  expect(await finished(1)).toHaveLength(1);
  expect(errors[0]?.message).toBe('The database answered: relation "ops.job_queues" does not exist (42P01).');
});
