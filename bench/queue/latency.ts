import { setTimeout as sleep } from "node:timers/promises";
import { quantile, seededRandom } from "../lib/stats.ts";
import type { PreparedQueue, QueueContestant } from "./contestant.ts";
import { untilDone } from "./drain.ts";
import { requireExactlyOnce } from "./exactly-once.ts";
import { sharedClock } from "./messages.ts";
import { WorkerGroup } from "./worker-group.ts";

const WARM_UP = 20;

/**
 * Measures the time from the call that puts a job in to the job's start, with one worker that has nothing else to do.
 * A job comes every 20 to 80 milliseconds, at random, so that no clock of a worker beats in time with it.
 *
 * @returns milliseconds: median, 95th and 99th percentile
 */
export async function measureLatency(
  contestant: QueueContestant,
  queue: PreparedQueue,
  { jobs, connections }: { readonly jobs: number; readonly connections: number },
): Promise<readonly number[]> {
  const group = await WorkerGroup.open(contestant.name, 1, { url: queue.url, connections, mode: "latency" });
  const client = await queue.connect(1);
  try {
    await queue.settle();
    await group.start();
    const random = seededRandom(1);
    const sentMs: number[] = [];
    const total = jobs + WARM_UP;
    for (let job = 0; job < total; job += 1) {
      sentMs.push(sharedClock());
      await client.enqueueOne(job);
      await sleep(20 + 60 * random());
    }
    await untilDone(group, queue, total);
    const ran = await group.stop();
    requireExactlyOnce(ran.jobs, total);
    const waited = ran.jobs.flatMap((job, index) =>
      job < WARM_UP ? [] : [(ran.startedMs[index] ?? Number.NaN) - (sentMs[job] ?? Number.NaN)],
    );
    return [0.5, 0.95, 0.99].map((q) => quantile(waited, q));
  } finally {
    await client.close();
    await group.close();
  }
}
