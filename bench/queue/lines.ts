import type { PreparedQueue, QueueContestant } from "./contestant.ts";
import { measureDrain } from "./drain.ts";
import { measureEnqueue } from "./enqueue.ts";
import { measureLatency } from "./latency.ts";

/** How much is measured. */
export interface QueueOptions {
  readonly rounds: number;
  /** Backlog of a drain; jobs of an enqueue in batches. */
  readonly jobs: number;
  /** Jobs put in one by one. */
  readonly singles: number;
  /** Jobs whose latency is taken. */
  readonly latencies: number;
  readonly finished: number;
  /** Most connections of a worker process. */
  readonly connections: number;
  /** Connections, and so calls at once, of the client that puts jobs in. */
  readonly clients: number;
}

/** A number that a line is about. */
export interface Figure {
  readonly name: string;
  readonly unit: "jobs/s" | "ms";
}

/** What is measured in one go, for one contestant after the other, in every round. */
export interface QueueLine {
  readonly figures: readonly Figure[];
  /** Once a contestant, before the rounds; answers how many finished jobs lie there. */
  readonly prepare: (queue: PreparedQueue) => Promise<number>;
  /** One value a figure. */
  readonly measure: (contestant: QueueContestant, queue: PreparedQueue) => Promise<readonly number[]>;
}

/**
 * What is measured, in order.
 *
 * @param options - how much
 * @returns the lines
 */
export function queueLines(options: QueueOptions): readonly QueueLine[] {
  const { jobs, connections } = options;
  const onEmpty = { prepare: () => Promise.resolve(0) };
  const enqueue = (name: string, count: number, batch: number | null): QueueLine => ({
    ...onEmpty,
    figures: [{ name, unit: "jobs/s" }],
    async measure(_, queue) {
      await queue.clear();
      return [await measureEnqueue(queue, { jobs: count, batch, connections: options.clients })];
    },
  });
  const drain = (workers: number): QueueLine => ({
    ...onEmpty,
    figures: [{ name: `claim and complete, ${workers} worker${workers === 1 ? "" : "s"}`, unit: "jobs/s" }],
    async measure(contestant, queue) {
      await queue.clear();
      return [await measureDrain(contestant, queue, { jobs, workers, connections })];
    },
  });
  return [
    enqueue("enqueue one by one", options.singles, null),
    enqueue("enqueue in batches of 1000", jobs, 1000),
    drain(1),
    drain(4),
    drain(8),
    {
      figures: [{ name: `4 workers, ${options.finished} finished jobs kept`, unit: "jobs/s" }],
      async prepare(queue) {
        await queue.clear();
        return queue.seedFinished(options.finished);
      },
      measure: async (contestant, queue) => [await measureDrain(contestant, queue, { jobs, workers: 4, connections })],
    },
    {
      ...onEmpty,
      figures: ["median", "p95", "p99"].map((name) => ({ name: `enqueue to start, ${name}`, unit: "ms" })),
      async measure(contestant, queue) {
        await queue.clear();
        return measureLatency(contestant, queue, { jobs: options.latencies, connections });
      },
    },
  ];
}
