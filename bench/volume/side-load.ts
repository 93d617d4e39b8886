import pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** What ran beside the measurement. */
export interface SideLoad {
  readonly jobs_a_second: number;
  readonly refreshes: number;
}

const TICK_MS = 100;
const leaseRow = z.object({ lease_id: z.string() });

/**
 * Runs work while jobs are enqueued, claimed and completed at a fixed rate and the materialized views are refreshed
 * one after the other without a pause.
 *
 * @param url - the database, as postgres
 * @param tenants - tenants whose jobs they are
 * @param rate - jobs a second
 * @param work - what is done meanwhile
 * @returns what the work returned, and what ran beside it
 */
export async function withSideLoad<T>(
  url: string, tenants: readonly string[], rate: number, work: () => Promise<T>,
): Promise<{ readonly result: T; readonly load: SideLoad }> {
  const stopping = new AbortController();
  const start = performance.now();
  let completed = 0;
  let refreshes = 0;
  const connected = async (run: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      while (!stopping.signal.aborted) await run(client);
    } finally {
      await client.end();
    }
  };
  let enqueued = 0;
  const running = [
    connected(async (client) => {
      await client.query("select ops.refresh_materialized_views()");
      refreshes += 1;
    }),
    connected(async (client) => {
      const due = Math.floor(((performance.now() - start) / 1000) * rate) - enqueued;
      const jobs = Array.from({ length: Math.min(due, 1000) }, (_, index) => (
        { tenant_id: tenants[(enqueued + index) % tenants.length], type: "bench", payload: {} }
      ));
      enqueued += jobs.length;
      if (jobs.length > 0) await client.query("select public.enqueue_jobs($1::jsonb)", [JSON.stringify(jobs)]);
      await sleep(TICK_MS);
    }),
    connected(async (client) => {
      const { rows } = await client.query("select lease_id from public.claim_jobs('default', 'bench', 100)");
      if (rows[0] === undefined) {
        await sleep(TICK_MS / 4);
        return;
      }
      await client.query("select public.complete_jobs($1)", [leaseRow.parse(rows[0]).lease_id]);
      completed += rows.length;
    }),
  ];
  try {
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    return { result, load: { jobs_a_second: completed / seconds, refreshes } };
  } finally {
    stopping.abort();
    await Promise.allSettled(running);
  }
}
