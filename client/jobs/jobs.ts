import { z } from "zod";
import { ask, askShaped, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import { failure, type Result, success } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id, jsonObject, time } from "../core/shapes.ts";

/** A job that waits or runs. */
export type WaitingJob = Row<"job_queue">;

/** A job that is over. */
export type FinishedJob = Row<"finished_jobs">;

const type = z.string().min(1).max(100);
const queue = z.string().min(1).max(50);
const request = z.strictObject({
  type,
  payload: jsonObject.exactOptional(),
  run_at: time.exactOptional(),
  dedupe_key: z.string().min(1).max(200).exactOptional(),
});
const one = z.strictObject({ job_id: id });
const listed = { queue: queue.exactOptional(), type: type.exactOptional() };
const list = pageInput.extend({ ...listed, status: z.enum(valuesOf("job_queue", "status")).exactOptional() });
const finishedList = pageInput.extend({
  ...listed,
  status: z.enum(valuesOf("finished_jobs", "status")).exactOptional(),
});
const added = z.tuple([z.object({ job_id: id, is_duplicate: z.boolean() })]);

/** A job that was asked for, or the one that holds its dedupe key. */
export type AddedJob = z.output<typeof added>[0];

/**
 * Asks for a job of a type that operators have opened to the caller's role (`ops.job_types`).
 *
 * @param tenant - where
 * @param input - the type, and what its handler needs
 * @returns the id of the job, or of the one that holds the dedupe key
 */
export function requestJob(
  { client, tenantId }: TenantClient,
  input: z.input<typeof request>,
): Promise<Result<AddedJob>> {
  return withInput(request, input, async (values) => {
    const { data, error } = await askShaped(client.rpc("request_job", { tenant_id: tenantId, ...values }), added);
    return error === null ? success(data[0]) : failure(error);
  });
}

/**
 * Takes back a job that waits: one's own, or any of the tenant for managers and above.
 *
 * @param tenant - where
 * @param input - which
 */
export function withdrawJob({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<null>> {
  return withInput(one, input, (values) => tell(client.rpc("withdraw_job", { tenant_id: tenantId, ...values })));
}

/**
 * The tenant's jobs that wait or run, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, queue, type, status
 * @returns a page
 */
export function listJobs(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<WaitingJob>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("job_queue").select().eq("tenant_id", tenantId);
    if (page.queue !== undefined) query = query.eq("queue", page.queue);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.status !== undefined) query = query.eq("status", page.status);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * The tenant's jobs that are over, the latest made first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, queue, type, status
 * @returns a page
 */
export function listFinishedJobs(
  { client, tenantId }: TenantClient,
  input: z.input<typeof finishedList> = {},
): Promise<Result<Page<FinishedJob>>> {
  return withInput(finishedList, input, async (page) => {
    let query = client.from("finished_jobs").select().eq("tenant_id", tenantId);
    if (page.queue !== undefined) query = query.eq("queue", page.queue);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.status !== undefined) query = query.eq("status", page.status);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
