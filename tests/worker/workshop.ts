import { afterEach, beforeEach } from "vitest";
import { z } from "zod";
import { createJobWorker, type JobWorker } from "../../client/worker/create-job-worker.ts";
import { createDatabaseJobSource } from "../../client/worker/database-source.ts";
import type { JobSource } from "../../client/worker/job-source.ts";
import type { WorkerError } from "../../client/worker/worker-error.ts";
import type { WorkerHooks } from "../../client/worker/worker-hooks.ts";
import type { WorkerSettings } from "../../client/worker/worker-settings.ts";
import type { JobDefinition } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { byType } from "../../supabase/functions/_shared/jobs/perform-job.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { makeTenants } from "./make-tenants.ts";

/** What a worker of a test is given besides its definitions. */
export interface WorkerOptions extends WorkerSettings {
  readonly leaseSeconds?: number;
  readonly listens?: boolean;
  /** Puts something between worker and database. */
  readonly wrap?: (source: JobSource) => JobSource;
  readonly hooks?: WorkerHooks;
}

/** A database with a tenant, for the workers of one test. */
export interface Workshop {
  readonly database: TestDatabase;
  readonly tenant: string;
  /** What the workers reported. */
  readonly errors: WorkerError[];
  readonly enqueue: (type: string, payload?: object, options?: { priority?: number; attempts?: number }) => Promise<string>;
  /** A worker, stopped after the test. */
  readonly hire: (definitions: readonly JobDefinition[], options?: WorkerOptions) => JobWorker;
  /** The jobs that are over, once they are so many, in the order of their ends or of their types. */
  readonly finished: (count: number, order?: "finished_at" | "type") => Promise<readonly FinishedJob[]>;
  /** The jobs that are not over. */
  readonly queued: () => Promise<readonly unknown[]>;
}

const finishedJob = z.object({
  type: z.string(),
  status: z.string(),
  attempt: z.number(),
  result: z.unknown(),
  error: z.string().nullable(),
});

/** A job that is over. */
export type FinishedJob = z.infer<typeof finishedJob>;

/**
 * Gives each test of a file a database of its own.
 *
 * @returns what the running test has
 */
export function useWorkshop(): () => Workshop {
  let current: Workshop | undefined;
  const workers: JobWorker[] = [];
  beforeEach(async () => {
    current = await openWorkshop(workers);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await current?.database.drop();
  });
  return () => {
    if (current === undefined) throw new Error("No test runs.");
    return current;
  };
}

async function openWorkshop(workers: JobWorker[]): Promise<Workshop> {
  const database = await createDatabase({ migrated: true });
  const [tenant = ""] = await makeTenants(database.sql, 1);
  const errors: WorkerError[] = [];
  return {
    database,
    tenant,
    errors,
    enqueue: async (type, payload = {}, { priority = 0, attempts = 5 } = {}) => {
      const [row] = await database.sql`
        select job_id from public.enqueue_job(
          ${tenant}, ${type}, ${JSON.stringify(payload)}::text::jsonb, priority => ${priority}, max_attempts => ${attempts}
        )
      `;
      return z.object({ job_id: z.string() }).parse(row).job_id;
    },
    hire: (definitions, { leaseSeconds = 60, listens = true, wrap = unchanged, hooks = {}, ...settings } = {}) => {
      const source = createDatabaseJobSource(database.url, { leaseSeconds }, { listens });
      const worker = createJobWorker(wrap(source), byType(definitions), { pollSeconds: 0.1, ...settings }, {
        onError: (error) => errors.push(error),
        ...hooks,
      });
      workers.push(worker);
      return worker;
    },
    finished: (count, order = "finished_at") =>
      waitFor(`end of ${count} jobs`, async () => {
        const rows = await database.sql`
          select type, status, attempt, result, error from public.finished_jobs order by ${database.sql(order)}
        `;
        return rows.length < count ? undefined : rows.map((row) => finishedJob.parse(row));
      }),
    queued: async () => [
      ...await database.sql`select type, status, attempt, last_error from public.job_queue order by type, id`,
    ],
  };
}

function unchanged(source: JobSource): JobSource {
  return source;
}

/**
 * A promise that the test keeps.
 *
 * @returns the promise and what keeps it
 */
export function promised<T = void>(): { readonly promise: Promise<T>; readonly keep: (value: T) => void } {
  let keep: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}
