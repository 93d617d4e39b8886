import type { JobDefinition } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { byType } from "../../supabase/functions/_shared/jobs/perform-job.ts";
import { createJobWorker, type JobWorker } from "./create-job-worker.ts";
import { createDatabaseJobSource, type DatabaseSourceOptions } from "./database-source.ts";
import type { SourceSettings } from "./job-source.ts";
import type { WorkerHooks } from "./worker-hooks.ts";
import type { WorkerSettings } from "./worker-settings.ts";

/**
 * Makes a worker over connections to the database, with the defaults of all settings.
 *
 * @param databaseUrl - postgresql://user:password@host:port/database, as `postgres`
 * @param definitions - what it can do; at most one for a type
 * @param settings - of the source and of the worker
 * @param hooks - see WorkerHooks
 * @returns the worker, not yet started
 * @throws WorkerError `misconfigured` for an address that is none, and for settings out of range
 * @throws Error when a type has two definitions
 */
export function createDatabaseWorker(
  databaseUrl: string,
  definitions: readonly JobDefinition[],
  settings: SourceSettings & DatabaseSourceOptions & WorkerSettings = {},
  hooks: WorkerHooks = {},
): JobWorker {
  const { queue, worker, leaseSeconds, connections, listens, ...rest } = settings;
  const source = createDatabaseJobSource(databaseUrl, { queue, worker, leaseSeconds }, { connections, listens });
  return createJobWorker(source, byType(definitions), rest, hooks);
}
