import { type JobDefinitions, performJob } from "../_shared/jobs/perform-job.ts";
import type { JobQueue } from "./job-queue.ts";

/** How much a run does at most. */
export interface DrainLimits {
  readonly maxJobs: number;
  /** Nothing is claimed after this time; what is under way then gets its signal. */
  readonly maxSeconds: number;
}

/** What a run did. */
export interface DrainCounts {
  readonly succeeded: number;
  readonly failed: number;
  /** Done, but taken from this run before it could say so. */
  readonly lost: number;
  /** Whether there may be more to do. */
  readonly has_more: boolean;
}

const AT_A_TIME = 10;

/**
 * Does the jobs of a queue until it is empty, or the limits are reached.
 *
 * @param queue - the queue
 * @param definitions - what can be done
 * @param limits - see DrainLimits
 * @returns what was done
 */
export async function drainQueue(
  queue: JobQueue,
  definitions: JobDefinitions,
  limits: DrainLimits,
): Promise<DrainCounts> {
  const counts = { succeeded: 0, failed: 0, lost: 0 };
  const end = AbortSignal.timeout(limits.maxSeconds * 1000);
  let left = limits.maxJobs;
  while (left > 0 && !end.aborted) {
    const batch = await queue.claim(Math.min(left, AT_A_TIME));
    if (batch === null) return { ...counts, has_more: false };
    left -= batch.jobs.length;
    await Promise.all(batch.jobs.map(async (job) => {
      const outcome = await performJob(definitions, job, end);
      const isOurs = await queue.finish(batch.leaseId, job.id, outcome);
      counts[isOurs ? outcome.kind : "lost"] += 1;
    }));
  }
  return { ...counts, has_more: true };
}
