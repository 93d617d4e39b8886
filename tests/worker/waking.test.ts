import { expect, it } from "vitest";
import { z } from "zod";
import type { JobSource } from "../../client/worker/job-source.ts";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { waitFor } from "../helpers/wait.ts";
import { useWorkshop, type Workshop } from "./workshop.ts";

const workshop = useWorkshop();
const count = defineJob("count", z.unknown(), () => "done");
const LONGEST_POLL = 30;

/** Counts how often the database wakes the worker. */
function counted() {
  const seen = { wakes: 0 };
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    listen: (wake, onError) =>
      source.listen(() => {
        seen.wakes += 1;
        wake();
      }, onError),
  });
  return { seen, wrap };
}

async function untilItWaits({ database }: Workshop): Promise<void> {
  await waitFor("worker that waits", async () => {
    const rows = await database.sql`select from private.job_workers where is_listening`;
    return rows.length > 0 || undefined;
  });
}

it("T6 a worker that waits is woken by a job that comes", async () => {
  const { enqueue, hire, finished } = workshop();
  const { seen, wrap } = counted();
  await hire([count], { pollSeconds: LONGEST_POLL, wrap }).start();
  expect(seen.wakes, "once for what came before it listened").toBe(1);
  for (let job = 1; job <= 3; job += 1) {
    await untilItWaits(workshop());
    await enqueue("count");
    expect(await finished(job)).toHaveLength(job);
    expect(seen.wakes).toBe(1 + job);
  }
});

it("T6 a worker that has lost its listening connection looks for what came meanwhile, and listens again", async () => {
  const { database, enqueue, hire, finished, errors } = workshop();
  const { seen, wrap } = counted();
  await hire([count], { pollSeconds: LONGEST_POLL, wrap }).start();
  await untilItWaits(workshop());
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'rowhouse worker' and query = 'listen rowhouse_jobs' and datname = current_database()
  `;
  await enqueue("count");
  expect(await finished(1)).toHaveLength(1);
  expect(seen.wakes, "once more when it listens again").toBe(2);
  await untilItWaits(workshop());
  await enqueue("count");
  expect(await finished(2)).toHaveLength(2);
  expect(seen.wakes).toBe(3);
  expect(errors).toMatchObject([{ code: "no_answer", message: "Listening for jobs failed; the worker polls." }]);
});

it("T6 a worker that does not listen finds jobs by looking, and tells nobody to wake it", async () => {
  const { database, enqueue, hire, finished } = workshop();
  let claims = 0;
  const wrap = (source: JobSource): JobSource => ({
    ...source,
    claim: (batch) => {
      claims += 1;
      return source.claim(batch);
    },
  });
  await hire([count], { listens: false, pollSeconds: 0.05, wrap }).start();
  await expect.poll(() => claims).toBeGreaterThan(2);
  await enqueue("count");
  expect(await finished(1)).toHaveLength(1);
  const rows = await database.sql`select is_listening from private.job_workers`;
  expect([...rows]).toEqual([{ is_listening: false }]);
});
