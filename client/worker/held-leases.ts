import type { JobContext } from "../../supabase/functions/_shared/jobs/define-job.ts";
import type { ClaimedBatch, Job } from "../../supabase/functions/_shared/jobs/job.ts";

/** A job in a worker's hands, and what its handler is given. */
export class HeldJob implements JobContext {
  readonly job: Job;
  readonly lease: HeldLease;
  /** Whether its attempt has ended; the database may not know yet. */
  isOver = false;
  #controller: AbortController | null = null;

  constructor(job: Job, lease: HeldLease) {
    this.job = job;
    this.lease = lease;
  }

  /** Fires when the job is taken away. Made when somebody looks at it: most handlers never do. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Takes the job away. */
  takeAway(reason: Error): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}

/** A lease and its jobs of which the database does not know the end. */
export interface HeldLease {
  readonly id: string;
  /** How many jobs were claimed under it. */
  readonly size: number;
  readonly jobs: Map<string, HeldJob>;
  /** Succeeded, and not said so yet: results by job id. */
  succeeded: Map<string, unknown>;
  isSending: boolean;
  isExtending: boolean;
  /** When others may have the jobs, by the clock of this process (ms). */
  expiresAt: number;
}

/** What a worker holds. */
export class HeldLeases {
  readonly #leases = new Map<string, HeldLease>();

  /**
   * Takes on what was claimed.
   *
   * @param batch - lease and jobs
   * @param expiresAt - when others may have them (ms)
   * @returns the jobs, in the order in which they were given out
   */
  add(batch: ClaimedBatch, expiresAt: number): readonly HeldJob[] {
    const lease: HeldLease = {
      id: batch.leaseId,
      size: batch.jobs.length,
      jobs: new Map(),
      succeeded: new Map(),
      isSending: false,
      isExtending: false,
      expiresAt,
    };
    this.#leases.set(lease.id, lease);
    return batch.jobs.map((job) => {
      const held = new HeldJob(job, lease);
      lease.jobs.set(job.id, held);
      return held;
    });
  }

  /** Whether a job is still in these hands. */
  has({ lease, job }: HeldJob): boolean {
    return lease.jobs.has(job.id);
  }

  /** Whether nothing is held. */
  get isEmpty(): boolean {
    return this.#leases.size === 0;
  }

  /** The leases in force. */
  all(): HeldLease[] {
    return [...this.#leases.values()];
  }

  /**
   * Lets a job go, and its lease with the last one.
   *
   * @param lease - under which it ran
   * @param jobId - the job
   */
  drop(lease: HeldLease, jobId: string): void {
    lease.jobs.delete(jobId);
    if (lease.jobs.size === 0) this.#leases.delete(lease.id);
  }
}
