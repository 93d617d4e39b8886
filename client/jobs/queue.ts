import { z } from "zod";
import { ask, askShaped, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { RowhouseClient } from "../core/create-rowhouse-client.ts";
import { failure, type Result, success } from "../core/result.ts";
import { valuesOf } from "../core/rowhouse-database.ts";
import { id, interval, jsonObject, time } from "../core/shapes.ts";

const queue = z.string().min(1).max(50);
const job = z.strictObject({
  tenant_id: id,
  type: z.string().min(1).max(100),
  payload: jsonObject.exactOptional(),
  queue: queue.exactOptional(),
  priority: z.int().min(-1000).max(1000).exactOptional(),
  run_at: time.exactOptional(),
  max_attempts: z.int().min(1).max(100).exactOptional(),
  dedupe_key: z.string().min(1).max(200).exactOptional(),
  dedupe_window: interval.exactOptional(),
}).refine((value) => value.dedupe_window === undefined || value.dedupe_key !== undefined, {
  path: ["dedupe_window"],
  message: "needs a dedupe_key",
});
const batch = z.array(job).max(10_000);
const one = z.strictObject({ tenant_id: id, job_id: id });
const retry = z.strictObject({
  queue,
  tenant_id: id.exactOptional(),
  job_ids: z.array(id).exactOptional(),
  at_most: z.int().min(1).max(10_000).exactOptional(),
});
const pause = z.strictObject({
  name: queue,
  is_paused: z.boolean().exactOptional(),
  reason: z.string().max(500).exactOptional(),
});
const stats = z.strictObject({ name: queue.exactOptional() });
const cancelled = z.enum(valuesOf("job_queue", "status"));
const added = z.object({ job_id: id, is_duplicate: z.boolean() });
const placed = z.array(z.object({ place: z.int(), job_id: id.nullable(), is_duplicate: z.boolean() }));
const figures = z.array(z.object({
  queue: z.string(),
  is_paused: z.boolean(),
  waiting: z.int(),
  later: z.int(),
  running: z.int(),
  dead: z.int(),
  waiting_tenants: z.int(),
  oldest_waiting_since: z.string().nullable(),
  expired_leases: z.int(),
  workers: z.int(),
  succeeded_last_hour: z.int(),
  dead_last_hour: z.int(),
}));

/** A job to put into a queue. */
export type NewJob = z.input<typeof job>;

/** How a queue does. */
export type QueueStats = z.output<typeof figures>[number];

/**
 * Puts a job into a queue. With the secret key.
 *
 * @param client - the client
 * @param input - the job
 * @returns its id, or that of the job which holds the dedupe key
 */
export function enqueueJob(client: RowhouseClient, input: NewJob): Promise<Result<z.output<typeof added>>> {
  return withInput(job, input, async (values) => {
    const { data, error } = await askShaped(client.rpc("enqueue_job", values), z.tuple([added]));
    return error === null ? success(data[0]) : failure(error);
  });
}

/**
 * Puts up to 10,000 jobs into their queues, all or none. With the secret key.
 *
 * @param client - the client
 * @param input - the jobs
 * @returns one row for each, in their order; job_id is null for a duplicate whose other one has ended meanwhile
 */
export function enqueueJobs(
  client: RowhouseClient,
  input: readonly NewJob[],
): Promise<Result<z.output<typeof placed>>> {
  return withInput(batch, input, (jobs) => askShaped(client.rpc("enqueue_jobs", { jobs }), placed));
}

/**
 * Cancels a job that waits or runs. With the secret key.
 *
 * @param client - the client
 * @param input - which
 * @returns the status it had
 */
export function cancelJob(
  client: RowhouseClient,
  input: z.input<typeof one>,
): Promise<Result<z.output<typeof cancelled>>> {
  return withInput(one, input, (values) => askShaped(client.rpc("cancel_job", values), cancelled));
}

/**
 * Puts dead jobs back into their queue with all their attempts, the oldest first. With the secret key.
 *
 * @param client - the client
 * @param input - queue, and which of its dead jobs
 * @returns how many went back
 */
export function retryDeadJobs(client: RowhouseClient, input: z.input<typeof retry>): Promise<Result<number>> {
  return withInput(retry, input, (values) => ask(client.rpc("retry_dead_jobs", values)));
}

/**
 * Pauses a queue, or lets it go on with `is_paused: false`. With the secret key.
 *
 * @param client - the client
 * @param input - queue and reason
 */
export function pauseQueue(client: RowhouseClient, input: z.input<typeof pause>): Promise<Result<null>> {
  return withInput(pause, input, (values) => tell(client.rpc("pause_queue", values)));
}

/**
 * How each queue does, or one. It counts jobs one by one: once a minute, not once a request. With the secret key.
 *
 * @param client - the client
 * @param input - the name of one
 * @returns a row for each queue
 */
export function getQueueStats(
  client: RowhouseClient,
  input: z.input<typeof stats> = {},
): Promise<Result<readonly QueueStats[]>> {
  return withInput(stats, input, (values) => askShaped(client.rpc("get_queue_stats", values), figures));
}
