import { Logger, makeWorkerUtils, run, type Runner } from "graphile-worker";
import type { PreparedQueue, QueueClient, QueueContestant, QueueWorker } from "../contestant.ts";
import { countOf, createDatabase, openPool } from "../database.ts";
import { jobNumber } from "../job-number.ts";

const TASK = "nothing";

// What it has to say about starts and stops would be measured with it.
const logger = new Logger(() => (level, message) => {
  if (level === "error") console.error(`graphile-worker: ${message}`);
});

// The batching of its own performance tests, with as many jobs at once as it recommends for ten connections and as are
// fastest here; for latency its defaults, in which a worker asks for one job at a time.
const PRESETS = {
  throughput: {
    concurrentJobs: 8,
    localQueue: { size: 500, refetchDelay: { durationMs: 10 } },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
  latency: { concurrentJobs: 8 },
} as const;

/** graphile-worker: deletes a job when it is finished. */
export const graphileWorker: QueueContestant = {
  name: "graphile-worker",

  async setup(server): Promise<PreparedQueue> {
    const url = await createDatabase(server, "graphile_worker");
    const pool = await openPool(url, 2);
    const utils = await makeWorkerUtils({ pgPool: pool, logger });
    await utils.migrate();
    await utils.release();
    return {
      url,
      connect: (connections) => connect(url, connections),
      waiting: () => countOf(pool, "select count(*) from graphile_worker._private_jobs"),
      async clear() {
        await pool.query("truncate graphile_worker._private_jobs, graphile_worker._private_job_queues");
      },
      seedFinished: () => Promise.resolve(0),
      async settle() {
        await pool.query("vacuum (analyze) graphile_worker._private_jobs");
      },
      close: () => pool.end(),
    };
  },

  async worker({ url, connections, mode }): Promise<QueueWorker> {
    const pool = await openPool(url, connections);
    let runner: Runner | undefined;
    return {
      async start(job) {
        runner = await run({
          pgPool: pool,
          logger,
          noHandleSignals: true,
          crontab: "",
          taskList: { [TASK]: (payload) => job(jobNumber(payload)) },
          preset: { worker: PRESETS[mode] },
        });
      },
      async stop() {
        await runner?.stop();
        runner = undefined;
      },
      close: () => pool.end(),
    };
  },
};

async function connect(url: string, connections: number): Promise<QueueClient> {
  const pool = await openPool(url, connections);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  return {
    async enqueueOne(n) {
      await utils.addJob(TASK, { n });
    },
    async enqueueBatch(jobs) {
      await utils.addJobs(jobs.map((n) => ({ identifier: TASK, payload: { n } })));
    },
    async close() {
      await utils.release();
      await pool.end();
    },
  };
}
