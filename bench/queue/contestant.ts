/** The throw-away server: as postgres, as superuser. */
export interface BenchServer {
  readonly url: string;
  readonly adminUrl: string;
}

/** What a worker is set up for: a backlog, or a job that arrives while it waits. */
export type WorkerMode = "throughput" | "latency";

/** What a worker process is told about its queue. */
export interface WorkerSettings {
  readonly url: string;
  /** Most connections it may open. */
  readonly connections: number;
  readonly mode: WorkerMode;
}

/** A queue's worker inside a process that is there already. Claims nothing until it is started. */
export interface QueueWorker {
  /**
   * Begins to claim jobs and to complete them.
   *
   * @param run - the job itself: to be called once a job, with its number
   */
  start(run: (job: number) => void): Promise<void>;
  /** Claims no more; returns when what it holds is done. It can be started again. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** What puts jobs in; as many calls at once as it has connections. A job is a number. */
export interface QueueClient {
  enqueueOne(job: number): Promise<void>;
  enqueueBatch(jobs: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** A queue set up in its own database. */
export interface PreparedQueue {
  /** The address its workers and clients use. */
  readonly url: string;
  connect(connections: number): Promise<QueueClient>;
  /** Jobs that are not finished, claimed ones included. */
  waiting(): Promise<number>;
  /** Makes it as empty as on the first day. */
  clear(): Promise<void>;
  /**
   * Lays finished jobs where the queue keeps them.
   *
   * @returns how many lie there now: none when the queue deletes what is finished
   */
  seedFinished(jobs: number): Promise<number>;
  /** Vacuums and analyzes, so that no measurement pays for the one before. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A job queue that is measured. */
export interface QueueContestant {
  readonly name: string;
  setup(server: BenchServer): Promise<PreparedQueue>;
  worker(settings: WorkerSettings): Promise<QueueWorker>;
}
