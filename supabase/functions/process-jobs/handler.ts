import { z } from "zod";
import type { Connect } from "../_shared/database.ts";
import { byType } from "../_shared/jobs/perform-job.ts";
import { createScheduledHandler } from "../_shared/scheduled-handler.ts";
import { drainQueue } from "./drain-queue.ts";
import { createJobQueue } from "./job-queue.ts";
import { defineRunTestExecution } from "./run-test-execution.ts";
import type { TestRunner } from "./test-runner.ts";

/** What the handler works with; tests inject their own. */
export interface HandlerOptions {
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  readonly connect: Connect;
  /** The runner of tests, or null while none is set. */
  readonly runner: () => TestRunner | null;
  readonly writeLog?: (line: string) => void;
}

// Supabase ends a request without an answer after 150 s.
const LONGEST_SECONDS = 110;
const PATIENCE_MS = 20_000;
/** Longer than any run, so that no lease has to be extended. */
const LEASE_SECONDS = 180;

const body = z.strictObject({
  queue: z.string().default("testing"),
  max_jobs: z.int().min(1).max(1000).default(100),
  max_seconds: z.int().min(1).max(LONGEST_SECONDS).default(50),
});

/**
 * Makes the handler of process-jobs: does a bounded number of jobs of one queue. More handlers are
 * further definitions beside that of run_test_execution.
 *
 * @param options - see HandlerOptions
 * @returns the handler
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return createScheduledHandler({
    name: "process-jobs",
    secret: options.secret,
    body,
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
    run: async ({ queue, max_jobs, max_seconds }) => {
      const runner = options.runner();
      if (runner === null) {
        // Claiming would use up the attempts of jobs that nobody here can do.
        const message = "TEST_RUNNER_URL is not set: no job is taken.";
        return { succeeded: 0, failed: 0, lost: 0, has_more: false, message };
      }
      return await options.connect(PATIENCE_MS, async (query) => ({
        ...await drainQueue(
          createJobQueue(query, queue, `process-jobs ${crypto.randomUUID()}`, LEASE_SECONDS),
          byType([defineRunTestExecution(query, runner)]),
          { maxJobs: max_jobs, maxSeconds: max_seconds },
        ),
      }));
    },
  });
}
