import { expect, it } from "vitest";
import { z } from "zod";
import { createDatabaseWorker } from "../../client/worker/create-database-worker.ts";
import { createApiJobSource } from "../../client/worker/api-source.ts";
import { createDatabaseJobSource } from "../../client/worker/database-source.ts";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";

const url = "postgresql://postgres:hush-hush@127.0.0.1:1/postgres";
const job = defineJob("count", z.unknown(), () => undefined);

it.each([
  { concurrency: 0 },
  { concurrency: 5001 },
  { concurrency: 1.5 },
  { batch: 0 },
  { pollSeconds: 0 },
  { pollSeconds: 31 },
  { graceSeconds: -1 },
  { leaseSeconds: 0.5 },
  { leaseSeconds: 86_401 },
  { worker: "" },
  { queue: "" },
])("T6 a worker with %o is refused", (settings) => {
  expect(() => createDatabaseWorker(url, [job], settings)).toThrow(
    expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(Object.keys(settings)[0] ?? "") }),
  );
});

it("T6 a worker at the ends of what may be set is made", async () => {
  const settings = { concurrency: 5000, batch: 1, pollSeconds: 30, graceSeconds: 0, leaseSeconds: 86_400 };
  await createDatabaseWorker(url, [job], settings).stop();
});

it("T6 an address that is none is refused, and not quoted", () => {
  const address = "mysql://root:hush-hush@127.0.0.1/x";
  expect(() => createDatabaseWorker(address, [])).toThrow(expect.objectContaining({
    code: "misconfigured",
    message: "The database address is not postgresql://user:password@host:port/database.",
  }));
});

it("T6 two handlers for one type are refused", () => {
  expect(() => createDatabaseWorker(url, [job, job])).toThrow("Two handlers are registered for one type of job.");
});

it.each([0, -1, Number.NaN, 86_401])("T6 a timeout of %s seconds is refused", (timeoutSeconds) => {
  expect(() => defineJob("count", z.unknown(), () => undefined, { timeoutSeconds })).toThrow(RangeError);
});

it("T6 every source has a name of its own and a lease of a minute unless told otherwise", async () => {
  const sources = [createDatabaseJobSource(url), createApiJobSource("http://127.0.0.1:1", "hush-hush")];
  expect(sources.map(({ leaseSeconds }) => leaseSeconds)).toEqual([60, 60]);
  for (const source of sources) await source.close();
});
