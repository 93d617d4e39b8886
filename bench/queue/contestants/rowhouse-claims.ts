import { randomUUID } from "node:crypto";
import type pg from "pg";

const BATCH = 500;
const POLL_MS = 1000;

interface ClaimedJob {
  readonly lease_id: string;
  readonly job_id: string;
  readonly payload: unknown;
}

/**
 * Claims batch after batch and completes each while the next one is claimed. Without work it waits for a notification,
 * and looks again every second.
 *
 * @param pool - at least three connections of the service role
 * @param run - called once a job
 * @returns what stops it, when all it holds is completed
 */
export async function claimInTurn(pool: pg.Pool, run: (payload: unknown) => void): Promise<() => Promise<void>> {
  const worker = `bench ${randomUUID()}`;
  const listener = await pool.connect();
  let isStopping = false;
  let wasTold = false;
  let wake: () => void = () => undefined;
  const tell = (): void => {
    wasTold = true;
    wake();
  };
  listener.on("notification", tell);
  await listener.query("listen rowhouse_jobs");
  const loop = (async () => {
    let completing: Promise<unknown> = Promise.resolve();
    while (!isStopping) {
      wasTold = false;
      const { rows } = await pool.query<ClaimedJob>({
        name: "claim_jobs",
        text: "select lease_id, job_id, payload from public.claim_jobs('default', $1, $2, '1 minute', true)",
        values: [worker, BATCH],
      });
      for (const { payload } of rows) run(payload);
      await completing;
      completing = complete(pool, rows);
      if (rows.length === 0 && !wasTold && !isStopping) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
    await completing;
  })();
  // A failure is told to whoever stops it; until then nobody waits for it.
  loop.catch(() => undefined);
  return async () => {
    isStopping = true;
    tell();
    await loop;
    listener.off("notification", tell);
    await listener.query("unlisten rowhouse_jobs");
    listener.release();
  };
}

async function complete(pool: pg.Pool, jobs: readonly ClaimedJob[]): Promise<void> {
  const lease = jobs[0]?.lease_id;
  if (lease === undefined) return;
  await pool.query({
    name: "complete_jobs",
    text: "select completed, lost from public.complete_jobs($1, $2)",
    values: [lease, jobs.map(({ job_id }) => job_id)],
  });
}
