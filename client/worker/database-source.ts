import pg from "pg";
import { z } from "zod";
import { readClaimedBatch } from "../../supabase/functions/_shared/jobs/job.ts";
import { databaseConfigOf } from "../database-config.ts";
import type { JobSource, SourceSettings } from "./job-source.ts";
import { listenForJobs } from "./listen-for-jobs.ts";
import { WorkerError } from "./worker-error.ts";

/** How a worker is connected. */
export interface DatabaseSourceOptions {
  /** Connections at most, besides the one that listens. Two let it claim while it completes. Default 2. */
  readonly connections?: number;
  /** Whether it listens for jobs; through a pooler in transaction mode nothing can. Default true. */
  readonly listens?: boolean;
}

const completion = z.object({ lost: z.array(z.string()) });
const heartbeat = z.object({ running: z.array(z.string()) });

/**
 * Gets jobs over connections to the database.
 *
 * @param databaseUrl - postgresql://user:password@host:port/database, as `postgres`
 * @param settings - queue, name of the worker, length of its leases
 * @param options - see DatabaseSourceOptions
 * @returns the source
 * @throws WorkerError `misconfigured` for an address that is none
 */
export function createDatabaseJobSource(
  databaseUrl: string,
  settings: SourceSettings,
  options: DatabaseSourceOptions = {},
): JobSource {
  const config = databaseConfigOf(databaseUrl, "rowhouse worker");
  if (config === null) {
    throw new WorkerError("misconfigured", "The database address is not postgresql://user:password@host:port/database.");
  }
  const listens = options.listens ?? true;
  const pool = new pg.Pool({ ...config, max: options.connections ?? 2 });
  // A connection lost between two statements; the next one says so.
  pool.on("error", () => undefined);
  const lease = `${settings.leaseSeconds} seconds`;
  const ask = async (name: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> =>
    (await pool.query<Record<string, unknown>>({ name, text, values: [...values] })).rows;

  return {
    claim: async (batch) =>
      readClaimedBatch(await ask("claim", "select * from public.claim_jobs($1, $2, $3, $4, $5)", [
        settings.queue, settings.worker, batch, lease, listens,
      ])),
    complete: async (leaseId, jobIds, results) => {
      const rows = await ask("complete", "select lost from public.complete_jobs($1, $2, $3)", [
        leaseId, jobIds, results === null ? null : JSON.stringify(results),
      ]);
      return completion.parse(rows[0]).lost;
    },
    fail: (leaseId, { jobId, reason, retrySeconds, isPermanent }) =>
      unlessLost(false, async () => {
        await ask("fail", "select from public.fail_job($1, $2, $3, $4, $5)", [
          leaseId, jobId, reason, retrySeconds === null ? null : `${retrySeconds} seconds`, isPermanent,
        ]);
        return true;
      }),
    release: async (leaseId, jobIds) => {
      await ask("release", "select public.release_jobs($1, $2)", [leaseId, jobIds]);
    },
    heartbeat: (leaseId) =>
      unlessLost(null, async () => {
        const rows = await ask("heartbeat", "select running from public.heartbeat_job($1, $2)", [leaseId, lease]);
        return heartbeat.parse(rows[0]).running;
      }),
    listen: listens ? (wake, onError) => listenForJobs(config, settings.queue, wake, onError) : () =>
      Promise.resolve(() => Promise.resolve()),
    close: () => pool.end(),
  };
}

async function unlessLost<T>(whenLost: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "PT409") return whenLost;
    throw error;
  }
}
