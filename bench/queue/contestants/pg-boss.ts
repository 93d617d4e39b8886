import PgBoss from "pg-boss";
import type { PreparedQueue, QueueClient, QueueContestant, QueueWorker } from "../contestant.ts";
import { countOf, createDatabase, openPool } from "../database.ts";
import { jobNumber } from "../job-number.ts";

const QUEUE = "nothing";
const BATCH = 500;

/** pg-boss: keeps a finished job in its table for twelve hours, then in its archive. */
export const pgBoss: QueueContestant = {
  name: "pg-boss",

  async setup(server): Promise<PreparedQueue> {
    const url = await createDatabase(server, "pg_boss");
    const boss = await startBoss(url, 2);
    await boss.createQueue(QUEUE);
    const pool = await openPool(url, 2);
    return {
      url,
      connect: (connections) => connect(url, connections),
      waiting: () => countOf(pool, "select count(*) from pgboss.job where state < 'completed'"),
      clear: () => boss.clearStorage(),
      async seedFinished(jobs) {
        await pool.query(`
          insert into pgboss.job (name, data, state, started_on, completed_on)
          select '${QUEUE}', jsonb_build_object('n', n), 'completed', now(), now()
          from generate_series(1, ${jobs}) as n`);
        return countOf(pool, "select count(*) from pgboss.job where state = 'completed'");
      },
      async settle() {
        await pool.query("vacuum (analyze) pgboss.job");
      },
      async close() {
        await stopBoss(boss);
        await pool.end();
      },
    };
  },

  async worker({ url, connections }): Promise<QueueWorker> {
    const boss = await startBoss(url, connections);
    return {
      async start(job) {
        const settings = { batchSize: BATCH, pollingIntervalSeconds: 0.5 };
        const id = await boss.work<{ n: number }>(QUEUE, settings, async (jobs) => {
          for (const { data } of jobs) job(jobNumber(data));
          // Otherwise it would rest for the polling interval between two batches, however many jobs wait.
          if (jobs.length === BATCH) boss.notifyWorker(id);
        });
      },
      stop: () => boss.offWork(QUEUE),
      close: () => stopBoss(boss),
    };
  },
};

async function connect(url: string, connections: number): Promise<QueueClient> {
  const boss = await startBoss(url, connections);
  return {
    async enqueueOne(n) {
      await boss.send(QUEUE, { n });
    },
    async enqueueBatch(jobs) {
      await boss.insert(jobs.map((n) => ({ name: QUEUE, data: { n } })));
    },
    close: () => stopBoss(boss),
  };
}

// Without its maintenance and its schedules, which would only take time from it.
async function startBoss(url: string, connections: number): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, max: connections, supervise: false, schedule: false });
  boss.on("error", (error) => console.error(`pg-boss: ${error.message}`));
  return boss.start();
}

async function stopBoss(boss: PgBoss): Promise<void> {
  await boss.stop({ graceful: false, wait: true });
}
