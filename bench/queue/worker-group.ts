import type { WorkerSettings } from "./contestant.ts";
import { WorkerHandle } from "./worker-handle.ts";

/** Which jobs ran, in which worker's order, and when each began. */
export interface Ran {
  readonly jobs: readonly number[];
  readonly startedMs: readonly number[];
}

/** Worker processes of one queue that start and stop together. */
export class WorkerGroup {
  private readonly workers: readonly WorkerHandle[];

  private constructor(workers: readonly WorkerHandle[]) {
    this.workers = workers;
  }

  /**
   * Starts the processes and waits until each has its connections.
   *
   * @param contestant - name of the queue
   * @param workers - how many processes
   * @param settings - what each is told
   */
  static async open(contestant: string, workers: number, settings: WorkerSettings): Promise<WorkerGroup> {
    const group = new WorkerGroup(Array.from({ length: workers }, () => new WorkerHandle()));
    try {
      for (const worker of group.workers) worker.tell({ kind: "prepare", contestant, ...settings });
      await Promise.all(group.workers.map((worker) => worker.hear("ready")));
      return group;
    } catch (error) {
      await group.close();
      throw error;
    }
  }

  /** How many jobs ran since the start. */
  get ran(): number {
    for (const worker of this.workers) worker.check();
    return this.workers.reduce((sum, { ran }) => sum + ran, 0);
  }

  /** Tells all to claim; returns when each does. */
  async start(): Promise<void> {
    for (const worker of this.workers) {
      worker.ran = 0;
      worker.tell({ kind: "start" });
    }
    await Promise.all(this.workers.map((worker) => worker.hear("started")));
  }

  /** Tells all to claim no more; returns what they ran. */
  async stop(): Promise<Ran> {
    for (const worker of this.workers) worker.tell({ kind: "stop" });
    const answers = await Promise.all(this.workers.map((worker) => worker.hear("stopped")));
    return { jobs: answers.flatMap(({ jobs }) => jobs), startedMs: answers.flatMap((answer) => answer.startedMs) };
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end()));
  }
}
