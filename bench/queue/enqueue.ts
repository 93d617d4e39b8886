import type { PreparedQueue, QueueClient } from "./contestant.ts";

/** How jobs are put in: how many, how many a call (null: one by one), how many connections. */
export interface EnqueueOptions {
  readonly jobs: number;
  readonly batch: number | null;
  readonly connections: number;
}

/**
 * Puts the jobs 0 to `jobs` - 1 in, as many calls at once as there are connections.
 *
 * @param client - where to put them
 * @param options - how
 */
export async function enqueueAll(client: QueueClient, { jobs, batch, connections }: EnqueueOptions): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < jobs) {
      const first = next;
      next = Math.min(first + (batch ?? 1), jobs);
      if (batch === null) await client.enqueueOne(first);
      else await client.enqueueBatch(Array.from({ length: next - first }, (_, index) => first + index));
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
}

/**
 * Measures how fast jobs are put in.
 *
 * @returns jobs a second
 */
export async function measureEnqueue(queue: PreparedQueue, options: EnqueueOptions): Promise<number> {
  const client = await queue.connect(options.connections);
  try {
    await enqueueAll(client, { ...options, jobs: Math.ceil(options.jobs / 10) });
    await queue.clear();
    await queue.settle();
    const started = performance.now();
    await enqueueAll(client, options);
    const seconds = (performance.now() - started) / 1000;
    const found = await queue.waiting();
    if (found !== options.jobs) throw new Error(`Of ${options.jobs} jobs put in, ${found} are there.`);
    return options.jobs / seconds;
  } finally {
    await client.close();
  }
}

/** Puts a backlog in, unmeasured. */
export async function loadBacklog(queue: PreparedQueue, jobs: number): Promise<void> {
  const client = await queue.connect(2);
  try {
    await enqueueAll(client, { jobs, batch: 1000, connections: 2 });
  } finally {
    await client.close();
  }
}
