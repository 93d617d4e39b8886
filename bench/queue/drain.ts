import { setTimeout as sleep } from "node:timers/promises";
import type { PreparedQueue, QueueContestant } from "./contestant.ts";
import { loadBacklog } from "./enqueue.ts";
import { requireExactlyOnce } from "./exactly-once.ts";
import { WorkerGroup } from "./worker-group.ts";

/** How a backlog is worked off. */
export interface DrainOptions {
  readonly jobs: number;
  readonly workers: number;
  /** Most connections of each worker. */
  readonly connections: number;
}

// Jobs a worker, of every queue at least one whole batch.
const WARM_UP = 1000;

const LONGEST_MS = 600_000;

/**
 * Measures how fast worker processes claim and complete a backlog. They have their connections, and have worked off a
 * smaller backlog, before the clock starts; it stops when the database knows no unfinished job.
 *
 * @returns jobs a second
 */
export async function measureDrain(
  contestant: QueueContestant,
  queue: PreparedQueue,
  { connections, workers, jobs }: DrainOptions,
): Promise<number> {
  const group = await WorkerGroup.open(contestant.name, workers, { url: queue.url, connections, mode: "throughput" });
  try {
    await drain(group, queue, workers * WARM_UP);
    return jobs / (await drain(group, queue, jobs));
  } finally {
    await group.close();
  }
}

async function drain(group: WorkerGroup, queue: PreparedQueue, jobs: number): Promise<number> {
  await loadBacklog(queue, jobs);
  await queue.settle();
  const started = performance.now();
  await group.start();
  await untilDone(group, queue, jobs);
  const seconds = (performance.now() - started) / 1000;
  requireExactlyOnce((await group.stop()).jobs, jobs);
  return seconds;
}

/**
 * Waits until so many jobs ran and the database knows no unfinished one.
 *
 * @param group - started workers
 * @param queue - theirs
 * @param jobs - how many were put in
 * @throws Error after ten minutes: a job that is lost never comes
 */
export async function untilDone(group: WorkerGroup, queue: PreparedQueue, jobs: number): Promise<void> {
  const started = performance.now();
  while (group.ran < jobs || (await queue.waiting()) > 0) {
    if (performance.now() - started > LONGEST_MS) {
      const unfinished = await queue.waiting();
      throw new Error(`After ${LONGEST_MS / 1000} s ${group.ran} of ${jobs} jobs ran, ${unfinished} are unfinished.`);
    }
    await sleep(2);
  }
}
