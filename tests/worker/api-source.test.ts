import { randomUUID } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { createApiJobSource } from "../../client/worker/api-source.ts";
import { createJobWorker } from "../../client/worker/create-job-worker.ts";
import type { JobSource } from "../../client/worker/job-source.ts";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { byType } from "../../supabase/functions/_shared/jobs/perform-job.ts";
import { dataOf, succeeds } from "../helpers/answers.ts";
import { asService } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { waitFor } from "../helpers/wait.ts";
import { makeTenants } from "./make-tenants.ts";

const sql = openSql();
const queue = `api-${randomUUID()}`;
const { api_url, secret_key, publishable_key } = readStack();
const [tenant = ""] = await makeTenants(sql, 1);
await sql`insert into ops.job_queues (name) values (${queue})`;
const source = createApiJobSource(api_url, secret_key, { queue, leaseSeconds: 30 });
const service = asService();

afterAll(() => sql`delete from public.job_queue where queue = ${queue}`);

async function claimed(...types: readonly string[]) {
  const jobs = types.map((type, place) => ({ tenant_id: tenant, queue, type, payload: { place } }));
  const added = await dataOf(service.rpc("enqueue_jobs", { jobs }));
  const batch = await source.claim(10);
  if (batch === null) throw new Error("Nothing was claimed.");
  expect(batch.jobs.map(({ id }) => id)).toEqual(added.map(({ job_id }) => job_id));
  return { lease: batch.leaseId, jobs: batch.jobs, ids: batch.jobs.map(({ id }) => id) };
}

async function endOf(id: string | undefined) {
  const [row] = await sql`select status, attempt, result, error from public.finished_jobs where id = ${id ?? null}`;
  return row;
}

it("T6 over the API jobs are claimed once, and end with their results", async () => {
  const { lease, jobs, ids } = await claimed("one", "two");
  expect(jobs[1]).toEqual({
    id: ids[1],
    tenantId: tenant,
    type: "two",
    payload: { place: 1 },
    attempt: 1,
    maxAttempts: 5,
  });
  expect(await source.claim(10)).toBeNull();
  const [one = "", two = ""] = ids;
  expect(await source.complete(lease, [one], { [one]: { at: new Date(0) } })).toEqual([]);
  expect(await source.complete(lease, [one, two], null)).toEqual([one]);
  expect(await endOf(one)).toEqual({
    status: "succeeded",
    attempt: 1,
    result: { at: "1970-01-01T00:00:00.000Z" },
    error: null,
  });
  expect(await endOf(two)).toMatchObject({ status: "succeeded", result: null });
});

it("T6 over the API all of a lease ends at once", async () => {
  const { lease, ids } = await claimed("one", "two");
  expect(await source.complete(lease, null, null)).toEqual([]);
  expect(await endOf(ids[0])).toMatchObject({ status: "succeeded" });
  expect(await endOf(ids[1])).toMatchObject({ status: "succeeded" });
});

it("T6 over the API an attempt fails for good or for a while, and once", async () => {
  const { lease, ids } = await claimed("dead", "again");
  const [dead = "", again = ""] = ids;
  const failure = { reason: "No.", retrySeconds: null, isPermanent: true };
  expect(await source.fail(lease, { ...failure, jobId: dead })).toBe(true);
  expect(await endOf(dead)).toMatchObject({ status: "dead", error: "No." });
  expect(await source.fail(lease, { jobId: again, reason: "Busy.", retrySeconds: 3600, isPermanent: false })).toBe(true);
  const [row] = await sql`
    select status, last_error, run_at > now() + interval '50 minutes' as is_later from public.job_queue where id = ${again}
  `;
  expect(row).toEqual({ status: "queued", last_error: "Busy.", is_later: true });
  expect(await source.fail(lease, { ...failure, jobId: again })).toBe(false);
  await succeeds(service.rpc("cancel_job", { tenant_id: tenant, job_id: again }));
});

it("T6 over the API a lease lives on, says what was cancelled, and is over with its last job", async () => {
  const { lease, ids } = await claimed("one", "two");
  const [one = "", two = ""] = ids;
  expect(await source.heartbeat(lease)).toEqual(ids);
  await succeeds(service.rpc("cancel_job", { tenant_id: tenant, job_id: one }));
  expect(await source.heartbeat(lease)).toEqual([two]);
  await source.release(lease, [two]);
  expect([...await sql`select status, attempt from public.job_queue where id = ${two}`]).toEqual([
    { status: "queued", attempt: 0 },
  ]);
  expect(await source.heartbeat(lease)).toBeNull();
  await succeeds(service.rpc("cancel_job", { tenant_id: tenant, job_id: two }));
});

it("T6 over the API what is refused is told apart from what may go better next time", async () => {
  const { lease, ids } = await claimed("one");
  const [one = ""] = ids;
  await expect(source.fail(lease, { jobId: one, reason: "No.", retrySeconds: -1, isPermanent: false })).rejects
    .toMatchObject({ code: "refused", message: expect.stringMatching(/must not be negative.*\(22023\)\.$/) });
  await source.complete(lease, null, null);
  const visitor = createApiJobSource(api_url, publishable_key, { queue });
  await expect(visitor.claim(1)).rejects.toMatchObject({ code: "no_answer", message: expect.stringMatching(/\(42501\)\.$/) });
  const nowhere = createApiJobSource("http://127.0.0.1:1", secret_key, { queue });
  const error: unknown = await nowhere.claim(1).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "no_answer", message: expect.stringContaining("fetch failed") });
  expect(String(error)).not.toContain(secret_key);
});

it("T6 a worker over the API does jobs, and stops", async () => {
  const jobs = Array.from({ length: 20 }, (_, number) => ({ tenant_id: tenant, queue, type: "double", payload: { number } }));
  await succeeds(service.rpc("enqueue_jobs", { jobs }));
  const double = defineJob("double", z.object({ number: z.number() }), ({ number }) => 2 * number);
  const own: JobSource = createApiJobSource(api_url, secret_key, { queue });
  const worker = createJobWorker(own, byType([double]), { concurrency: 8, pollSeconds: 0.1 });
  await worker.start();
  const ended = await waitFor("end of the jobs", async () => {
    const rows = await sql`
      select (payload ->> 'number')::integer as number, result from public.finished_jobs
      where queue = ${queue} and type = 'double' order by 1
    `;
    return rows.length === 20 ? [...rows] : undefined;
  });
  await worker.stop();
  expect(ended).toEqual(Array.from({ length: 20 }, (_, number) => ({ number, result: 2 * number })));
});
