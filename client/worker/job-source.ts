import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";
import type { ClaimedBatch } from "../../supabase/functions/_shared/jobs/job.ts";
import { WorkerError } from "./worker-error.ts";

/** An attempt that failed. */
export interface Failure {
  readonly jobId: string;
  readonly reason: string;
  /** Null: the back-off of the queue. */
  readonly retrySeconds: number | null;
  readonly isPermanent: boolean;
}

/**
 * Where a worker gets its jobs. The functions are those of the SQL in jobs_claim and jobs_finish; what they reject
 * with is tried again, unless it is a WorkerError `refused`.
 */
export interface JobSource {
  /** The length of the leases of its claims and heartbeats. */
  readonly leaseSeconds: number;
  /** The next jobs; null when there is none. */
  readonly claim: (batch: number) => Promise<ClaimedBatch | null>;
  /**
   * Ends jobs as succeeded. jobIds: null for all of the lease. Returns the ids that do not run under the lease any
   * more.
   */
  readonly complete: (
    leaseId: string,
    jobIds: readonly string[] | null,
    results: Readonly<Record<string, unknown>> | null,
  ) => Promise<readonly string[]>;
  /** Says that an attempt failed. False: the job does not run under the lease any more. */
  readonly fail: (leaseId: string, failure: Failure) => Promise<boolean>;
  /** Gives jobs back that were not begun. */
  readonly release: (leaseId: string, jobIds: readonly string[]) => Promise<void>;
  /** Extends the lease. Returns the ids that still run under it; null when the lease is over. */
  readonly heartbeat: (leaseId: string) => Promise<readonly string[] | null>;
  /** Calls `wake` when jobs come, if the source can tell. Returns what ends that. */
  readonly listen: (wake: () => void, onError: (error: unknown) => void) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

/** What a source is made for. */
export interface SourceSettings {
  /** Default `default`. */
  readonly queue?: string | undefined;
  /** A name that no other process has, for the leases. Default: host, process and a few characters by chance. */
  readonly worker?: string | undefined;
  /** How long jobs stay with a worker that is silent, 1 second to a day. Default 60. */
  readonly leaseSeconds?: number | undefined;
}

const shape = z.object({
  queue: z.string().min(1).default("default"),
  worker: z.string().min(1).max(200).default(() => `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`),
  leaseSeconds: z.number().min(1).max(86_400).default(60),
});

/**
 * Fills the settings of a source up.
 *
 * @param settings - see SourceSettings
 * @returns all of them
 * @throws WorkerError `misconfigured` for one that is out of range
 */
export function completeSourceSettings(settings: SourceSettings): z.infer<typeof shape> {
  const read = shape.safeParse(settings);
  if (read.success) return read.data;
  throw new WorkerError("misconfigured", `The settings do not fit: ${z.prettifyError(read.error)}`);
}
