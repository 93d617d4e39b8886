import type { ClaimedBatch, Job } from "../../supabase/functions/_shared/jobs/job.ts";

/** A job in a worker's hands. */
export interface HeldJob {
  readonly job: Job;
  readonly lease: HeldLease;
  /** Fires when the job is taken away. */
  readonly stop: AbortController;
  hasBegun: boolean;
  /** Whether its attempt has ended; the database may not know yet. */
  isOver: boolean;
}

/** A lease and its jobs that are not over. */
export interface HeldLease {
  readonly id: string;
  readonly jobs: Map<string, HeldJob>;
  /** Succeeded, and not said so yet: results by job id. */
  succeeded: Map<string, unknown>;
  isSending: boolean;
  /** When others may have the jobs, by the clock of this process (ms). */
  expiresAt: number;
}

/** What a worker holds. */
export class HeldLeases {
  readonly #leases = new Map<string, HeldLease>();
  readonly #waiting: HeldJob[] = [];
  #next = 0;

  /**
   * Takes on what was claimed.
   *
   * @param batch - lease and jobs
   * @param expiresAt - when others may have them (ms)
   */
  add(batch: ClaimedBatch, expiresAt: number): void {
    const lease: HeldLease = {
      id: batch.leaseId,
      jobs: new Map(),
      succeeded: new Map(),
      isSending: false,
      expiresAt,
    };
    for (const job of batch.jobs) {
      const held = { job, lease, stop: new AbortController(), hasBegun: false, isOver: false };
      lease.jobs.set(job.id, held);
      this.#waiting.push(held);
    }
    this.#leases.set(lease.id, lease);
  }

  /** The next job to begin, in the order in which they were given out; null when there is none. */
  begin(): HeldJob | null {
    while (this.#next < this.#waiting.length) {
      const held = this.#waiting[this.#next];
      this.#next += 1;
      // Most batches are begun as a whole, so the list is emptied and not shifted.
      if (this.#next === this.#waiting.length) {
        this.#waiting.length = 0;
        this.#next = 0;
      }
      if (held === undefined || !this.has(held)) continue;
      held.hasBegun = true;
      return held;
    }
    return null;
  }

  /** Whether a job is still in these hands. */
  has({ lease, job }: HeldJob): boolean {
    return lease.jobs.has(job.id);
  }

  /** How many jobs wait for their turn here. */
  get waiting(): number {
    return this.#waiting.length - this.#next;
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
