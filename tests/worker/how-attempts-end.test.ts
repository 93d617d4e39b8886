import { expect, it } from "vitest";
import { z } from "zod";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { PermanentJobError, RetryJobError } from "../../supabase/functions/_shared/jobs/job-error.ts";
import { promised, useWorkshop } from "./workshop.ts";

const workshop = useWorkshop();
const anything = z.unknown();

it("T6 what a handler returns is kept as the result; nothing is kept of one that returns nothing", async () => {
  const { enqueue, hire, finished } = workshop();
  await enqueue("add", { a: 2, b: 3 });
  await enqueue("quiet");
  const sum = z.object({ a: z.number(), b: z.number() });
  await hire([defineJob("add", sum, ({ a, b }) => ({ sum: a + b })), defineJob("quiet", anything, () => undefined)]).start();
  expect(await finished(2, "type")).toEqual([
    { type: "add", status: "succeeded", attempt: 1, result: { sum: 5 }, error: null },
    { type: "quiet", status: "succeeded", attempt: 1, result: null, error: null },
  ]);
});

it("T6 a payload that its schema refuses makes the job dead at once, with the place of the fault", async () => {
  const { enqueue, hire, finished } = workshop();
  await enqueue("mail", { to: [{ address: 7 }] });
  const mail = z.object({ to: z.array(z.object({ address: z.string() })) });
  await hire([defineJob("mail", mail, () => "sent")]).start();
  const [job] = await finished(1);
  expect(job).toMatchObject({ status: "dead", attempt: 1, result: null });
  expect(job?.error).toMatch(/^The payload does not fit: .*expected string.*\n.*at to\[0\]\.address$/);
});

it("T6 a permanent error ends a job at its first attempt, any other after its last", async () => {
  const { enqueue, hire, finished } = workshop();
  await enqueue("never");
  await enqueue("again", {}, { attempts: 3 });
  await hire([
    defineJob("never", anything, () => {
      throw new PermanentJobError("No such address.", { cause: new Error("550") });
    }),
    defineJob("again", anything, () => {
      throw new RetryJobError("Busy.", 0);
    }),
  ]).start();
  expect(await finished(2, "type")).toEqual([
    { type: "again", status: "dead", attempt: 3, result: null, error: "Busy." },
    { type: "never", status: "dead", attempt: 1, result: null, error: "No such address. (550)" },
  ]);
});

it("T6 an attempt that fails without a wait of its own waits for the back-off of its queue", async () => {
  const { database, enqueue, hire } = workshop();
  await enqueue("again");
  const told = promised();
  await hire([defineJob("again", anything, () => Promise.reject(new Error("Busy.")))], {
    hooks: { onAttempt: () => told.keep() },
  }).start();
  await told.promise;
  await expect.poll(() => database.sql`
    select status, attempt, last_error, run_at > now() + interval '5 seconds' as is_later from public.job_queue
  `.then((rows) => [...rows])).toEqual([{ status: "queued", attempt: 1, last_error: "Busy.", is_later: true }]);
});

it("T6 an attempt that takes longer than its type may is failed, and its signal fires", async () => {
  const { enqueue, hire, finished } = workshop();
  await enqueue("slow", {}, { attempts: 1 });
  const reasons: unknown[] = [];
  await hire([
    defineJob("slow", anything, (_, { signal }) => {
      signal.addEventListener("abort", () => reasons.push(signal.reason));
      return new Promise(() => undefined);
    }, { timeoutSeconds: 0.05 }),
  ]).start();
  expect(await finished(1)).toMatchObject([{ status: "dead", error: "The attempt took longer than 0.05 s." }]);
  expect(reasons).toEqual([new Error("The attempt took longer than 0.05 s.")]);
});

it("T6 a job of a type without a handler fails and says so", async () => {
  const { enqueue, hire, finished } = workshop();
  await enqueue("strange", {}, { attempts: 1 });
  await hire([]).start();
  const error = "This worker has no handler for jobs of type strange.";
  expect(await finished(1)).toMatchObject([{ status: "dead", error }]);
});

it("T6 two jobs of one lease end apart: the first is over while the second runs", async () => {
  const { database, enqueue, hire, finished } = workshop();
  await enqueue("quick");
  await enqueue("slow");
  const slow = promised<string>();
  await hire([defineJob("quick", anything, () => "one"), defineJob("slow", anything, () => slow.promise)]).start();
  expect(await finished(1)).toMatchObject([{ type: "quick", status: "succeeded", result: "one" }]);
  const leases = await database.sql`select cardinality(job_ids) as jobs from private.job_leases`;
  expect([...leases]).toEqual([{ jobs: 1 }]);
  slow.keep("two");
  expect((await finished(2))[1]).toMatchObject({ type: "slow", status: "succeeded", result: "two" });
  expect([...await database.sql`select from private.job_leases`]).toEqual([]);
});

it("T6 a result that the database refuses ends its own job and no other", async () => {
  const { database, enqueue, hire, finished, errors } = workshop();
  await database.sql`alter table public.finished_jobs add constraint is_not_bad check (result is distinct from '"bad"')`;
  await enqueue("bad");
  await enqueue("fine");
  const start = promised();
  await hire([
    defineJob("bad", anything, () => start.promise.then(() => "bad")),
    defineJob("fine", anything, () => start.promise.then(() => "kept")),
  ]).start();
  start.keep();
  const over = await finished(2);
  expect(over.find(({ type }) => type === "fine")).toMatchObject({ status: "succeeded", result: "kept" });
  const dead = over.find(({ type }) => type === "bad");
  expect(dead).toMatchObject({ status: "dead", attempt: 1, result: null });
  expect(dead?.error).toMatch(/^The result was refused\. The database answered: .*"is_not_bad" \(23514\)\.$/);
  expect(errors).toEqual([]);
});
