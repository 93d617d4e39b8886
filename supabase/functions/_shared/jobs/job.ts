import { z } from "zod";

/** One row of public.claim_jobs. */
export const claimedJob = z.object({
  lease_id: z.string(),
  job_id: z.string(),
  tenant_id: z.string(),
  type: z.string(),
  payload: z.record(z.string(), z.unknown()),
  attempt: z.number().int(),
  max_attempts: z.number().int(),
});

/** A job that was given out. */
export interface Job {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  /** As it was enqueued; a handler gets it parsed by its schema. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
}

/** Jobs that were given out together. Who shows the lease may end them, until it runs out. */
export interface ClaimedBatch {
  readonly leaseId: string;
  readonly jobs: readonly Job[];
}

/**
 * Reads what public.claim_jobs returned.
 *
 * @param rows - its rows
 * @returns the batch; null when there was no job
 * @throws ZodError when the rows are of another version of the queue
 */
export function readClaimedBatch(rows: readonly unknown[]): ClaimedBatch | null {
  const read = z.array(claimedJob).parse(rows);
  const [first] = read;
  if (first === undefined) return null;
  return {
    leaseId: first.lease_id,
    jobs: read.map((row) => ({
      id: row.job_id,
      tenantId: row.tenant_id,
      type: row.type,
      payload: row.payload,
      attempt: row.attempt,
      maxAttempts: row.max_attempts,
    })),
  };
}
