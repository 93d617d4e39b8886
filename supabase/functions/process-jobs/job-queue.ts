import { z } from "zod";
import { sqlStateOf } from "../_shared/database-error.ts";
import { FunctionError } from "../_shared/function-error.ts";
import { type ClaimedBatch, readClaimedBatch } from "../_shared/jobs/job.ts";
import type { JobOutcome } from "../_shared/jobs/perform-job.ts";
import type { Query } from "../_shared/query.ts";

/** A queue as one run sees it. */
export interface JobQueue {
  /** The next jobs, under a lease that outlasts the run; null when there is none. */
  readonly claim: (batch: number) => Promise<ClaimedBatch | null>;
  /** Says how an attempt went. False: the job was not this run's any more. */
  readonly finish: (leaseId: string, jobId: string, outcome: JobOutcome) => Promise<boolean>;
}

const completion = z.object({ lost: z.array(z.string()) });

/**
 * A queue of the database.
 *
 * @param query - runs each statement for itself
 * @param queue - its name
 * @param worker - the name of this run
 * @param leaseSeconds - longer than the run
 * @returns the queue; it throws the database's errors as they are
 */
export function createJobQueue(
  query: Query,
  queue: string,
  worker: string,
  leaseSeconds: number,
): JobQueue {
  return {
    claim: async (batch) =>
      readClaimedBatch(await claim(query, [queue, worker, batch, `${leaseSeconds} seconds`])),
    finish: (leaseId, jobId, outcome) =>
      outcome.kind === "succeeded"
        ? complete(query, leaseId, jobId, outcome.result)
        : fail(query, leaseId, jobId, outcome),
  };
}

async function claim(query: Query, values: readonly unknown[]): Promise<readonly unknown[]> {
  try {
    return await query("select * from public.claim_jobs($1, $2, $3, $4)", values);
  } catch (error) {
    if (sqlStateOf(error) !== "PT404") throw error;
    const issue = { code: "unknown_queue", path: ["queue"], message: "There is no such queue." };
    throw new FunctionError("invalid_body", "The body names no queue.", { issues: [issue] });
  }
}

async function complete(query: Query, leaseId: string, jobId: string, result: unknown) {
  const results = result === undefined ? null : JSON.stringify({ [jobId]: result });
  const rows = await query("select lost from public.complete_jobs($1, $2, $3)", [
    leaseId,
    [jobId],
    results,
  ]);
  return completion.parse(rows[0]).lost.length === 0;
}

async function fail(
  query: Query,
  leaseId: string,
  jobId: string,
  { reason, retrySeconds, isPermanent }: JobOutcome & { kind: "failed" },
): Promise<boolean> {
  try {
    await query("select from public.fail_job($1, $2, $3, $4, $5)", [
      leaseId,
      jobId,
      reason,
      retrySeconds === null ? null : `${retrySeconds} seconds`,
      isPermanent,
    ]);
    return true;
  } catch (error) {
    if (sqlStateOf(error) === "PT409") return false;
    throw error;
  }
}
