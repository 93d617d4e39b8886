import type { HeldJob, HeldLease, HeldLeases } from "./held-leases.ts";
import type { Failure, JobSource } from "./job-source.ts";
import { wait } from "./pause.ts";
import { WorkerError, workerErrorOf } from "./worker-error.ts";

const LONGEST_WAIT_MS = 2_000;

/** Tells the database what became of jobs. */
export interface Deliveries {
  readonly succeed: (item: HeldJob, result: unknown) => void;
  readonly fail: (lease: HeldLease, failure: Failure) => void;
  /** Gives jobs of one lease back that were not begun. */
  readonly release: (items: readonly HeldJob[]) => void;
  /** From now on nothing is tried again after this time (ms). */
  readonly giveUpAt: (time: number) => void;
  /** Resolves once the end of everything held has been told or given up; nothing may be under way any more. */
  readonly settled: () => Promise<void>;
}

/**
 * Makes the way back to the database. What is told is tried until the lease has run out: then
 * others may have the jobs anyway.
 *
 * @param source - the database
 * @param held - what the worker holds; jobs leave it when the database knows their end
 * @param report - told of failures and losses
 * @param onSent - called after each
 * @returns see Deliveries
 */
export function createDeliveries(
  source: JobSource,
  held: HeldLeases,
  report: (error: WorkerError) => void,
  onSent: () => void,
): Deliveries {
  const sending = new Set<Promise<void>>();
  let lastTry = Infinity;

  const tryAgain = async (lease: HeldLease, jobIds: readonly string[], work: () => Promise<void>): Promise<void> => {
    let failures = 0;
    // The first try is made in any case: a lease that nobody has taken over yet still counts.
    do {
      try {
        return await work();
      } catch (error) {
        const reason = workerErrorOf(error);
        report(reason);
        if (reason.code === "refused") break;
        await wait(Math.min(LONGEST_WAIT_MS, 250 * 2 ** failures));
        failures += 1;
      }
    } while (Date.now() <= Math.min(lease.expiresAt, lastTry));
    report(lostJobs(jobIds));
  };

  const send = (lease: HeldLease, jobIds: readonly string[], work: () => Promise<void>): Promise<void> => {
    const promise = tryAgain(lease, jobIds, work).finally(() => {
      for (const id of jobIds) held.drop(lease, id);
      sending.delete(promise);
      onSent();
    });
    sending.add(promise);
    return promise;
  };

  const tellFailure = async (lease: HeldLease, failure: Failure): Promise<void> => {
    if (!await source.fail(lease.id, failure)) report(lostJobs([failure.jobId]));
  };

  const tellSuccess = async (lease: HeldLease, results: ReadonlyMap<string, unknown>): Promise<void> => {
    const jobIds = [...results.keys()];
    const hasResults = [...results.values()].some((result) => result !== undefined);
    try {
      const lost = await source.complete(
        lease.id,
        // Only those that were claimed may stand for "all": one that was taken away must not be among them.
        jobIds.length === lease.size ? null : jobIds,
        hasResults ? Object.fromEntries(results) : null,
      );
      if (lost.length > 0) report(lostJobs(lost));
    } catch (error) {
      if (!(error instanceof WorkerError && error.code === "refused")) throw error;
      const reason = `The result was refused. ${error.message}`;
      for (const [jobId, result] of results) {
        // Of several, the others must not suffer for the one whose result is refused.
        if (results.size > 1) await tellSuccess(lease, new Map([[jobId, result]]));
        else await tellFailure(lease, { jobId, reason, retrySeconds: null, isPermanent: true });
      }
    }
  };

  const sendSucceeded = (lease: HeldLease): void => {
    if (lease.isSending || lease.succeeded.size === 0) return;
    lease.isSending = true;
    // What ends in the same turn of the event loop goes in one call.
    setImmediate(() => {
      const results = lease.succeeded;
      lease.succeeded = new Map();
      void send(lease, [...results.keys()], () => tellSuccess(lease, results)).then(() => {
        lease.isSending = false;
        sendSucceeded(lease);
      });
    });
  };

  return {
    succeed: ({ job, lease }, result) => {
      lease.succeeded.set(job.id, result);
      sendSucceeded(lease);
    },
    fail: (lease, failure) => void send(lease, [failure.jobId], () => tellFailure(lease, failure)),
    release: (items) => {
      const [first] = items;
      if (first === undefined) return;
      const jobIds = items.map(({ job }) => job.id);
      void send(first.lease, jobIds, () => source.release(first.lease.id, jobIds));
    },
    giveUpAt: (time) => {
      lastTry = time;
    },
    settled: async () => {
      while (!held.isEmpty) {
        await Promise.allSettled(sending);
        // What ended meanwhile is sent a turn later.
        await new Promise((resolve) => void setImmediate(resolve));
      }
    },
  };
}

function lostJobs(ids: readonly string[]): WorkerError {
  return new WorkerError("lease_lost", `Jobs that do not run under this worker's lease any more: ${ids.join(", ")}.`);
}
