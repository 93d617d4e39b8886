import type { JobOutcome } from "../../supabase/functions/_shared/jobs/perform-job.ts";
import type { Job } from "../../supabase/functions/_shared/jobs/job.ts";
import { WorkerError } from "./worker-error.ts";

/** Told what happens. What a hook throws or rejects with becomes a warning of the process. */
export interface WorkerHooks {
  /** After each attempt, before the database knows. */
  readonly onAttempt?: (job: Job, outcome: JobOutcome) => unknown;
  /** A database that does not answer, a job that was taken away. The worker goes on. */
  readonly onError?: (error: WorkerError) => unknown;
}

/**
 * Calls a hook.
 *
 * @param hook - the call; neither a throw nor a rejection of it goes further
 */
export function tell(hook: () => unknown): void {
  try {
    const told = hook();
    if (told instanceof Promise) told.catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  process.emitWarning(new WorkerError("hook_failed", "A hook of the worker failed.", error));
}
