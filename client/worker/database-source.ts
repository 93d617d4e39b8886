import pg from "pg";
import { z } from "zod";
import { readClaimedBatch } from "../../supabase/functions/_shared/jobs/job.ts";
import { databaseConfigOf } from "../database-config.ts";
import { completeSourceSettings, type JobSource, type SourceSettings } from "./job-source.ts";
import { listenForJobs } from "./listen-for-jobs.ts";
import { answerError, WorkerError } from "./worker-error.ts";

/** How a worker is connected. */
export interface DatabaseSourceOptions {
  /** Connections at most, besides the one that listens. Two let it claim while it completes. Default 2. */
  readonly connections?: number | undefined;
  /**
   * Whether it listens for jobs. Default true; false for a pooler in transaction mode, through which nothing can
   * listen and no statement is prepared.
   */
  readonly listens?: boolean | undefined;
}

// A connection of which nothing is heard any more is given up after this.
const ANSWER_TIMEOUT_MS = 30_000;
const SILENCE_MS = 10_000;

const completion = z.object({ lost: z.array(z.string()) });
const heartbeat = z.object({ running: z.array(z.string()) });

/**
 * Gets jobs over connections to the database.
 *
 * @param databaseUrl - postgresql://user:password@host:port/database, as `postgres`
 * @param settings - see SourceSettings
 * @param options - see DatabaseSourceOptions
 * @returns the source
 * @throws WorkerError `misconfigured` for an address that is none, and for settings out of range
 */
export function createDatabaseJobSource(
  databaseUrl: string,
  settings: SourceSettings = {},
  options: DatabaseSourceOptions = {},
): JobSource {
  const config = databaseConfigOf(databaseUrl, "rowhouse worker");
  if (config === null) {
    throw new WorkerError("misconfigured", "The database address is not postgresql://user:password@host:port/database.");
  }
  const { queue, worker, leaseSeconds } = completeSourceSettings(settings);
  const listens = options.listens ?? true;
  const lasting = { ...config, keepAlive: true, keepAliveInitialDelayMillis: SILENCE_MS };
  const pool = new pg.Pool({ ...lasting, query_timeout: ANSWER_TIMEOUT_MS, max: options.connections ?? 2 });
  // A connection lost between two statements; the next one says so.
  pool.on("error", () => undefined);
  const lease = `${leaseSeconds} seconds`;
  const ask = async (name: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> => {
    try {
      const query = { text, values: [...values], ...(listens ? { name } : {}) };
      return (await pool.query<Record<string, unknown>>(query)).rows;
    } catch (error) {
      if (error instanceof pg.DatabaseError) throw answerError(error.code ?? "", error.message, error);
      throw error;
    }
  };

  return {
    leaseSeconds,
    claim: async (batch) =>
      readClaimedBatch(await ask("claim", "select * from public.claim_jobs($1, $2, $3, $4, $5)", [
        queue, worker, batch, lease, listens,
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
    listen: listens ? (wake, onError) => listenForJobs(lasting, queue, wake, onError) : () =>
      Promise.resolve(() => Promise.resolve()),
    close: () => pool.end(),
  };
}

async function unlessLost<T>(whenLost: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkerError && error.cause instanceof pg.DatabaseError && error.cause.code === "PT409") {
      return whenLost;
    }
    throw error;
  }
}
