import type { ClaimedBatch } from "../../supabase/functions/_shared/jobs/job.ts";

/** An attempt that failed. */
export interface Failure {
  readonly jobId: string;
  readonly reason: string;
  /** Null: the back-off of the queue. */
  readonly retrySeconds: number | null;
  readonly isPermanent: boolean;
}

/** Where a worker gets its jobs. The functions are those of the SQL in jobs_claim and jobs_finish. */
export interface JobSource {
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
  readonly queue: string;
  readonly worker: string;
  readonly leaseSeconds: number;
}
