import { z } from "zod";
import { sqlStateOf } from "../_shared/database-error.ts";
import { defineJob, type JobDefinition } from "../_shared/jobs/define-job.ts";
import { PermanentJobError, reasonOf } from "../_shared/jobs/job-error.ts";
import type { Query } from "../_shared/query.ts";
import type { TestRunner, TestVerdict } from "./test-runner.ts";

const payload = z.object({ execution_id: z.uuid() });
const started = z.object({ flow: z.unknown(), settings: z.unknown() });
const TIMEOUT_SECONDS = 110;

/**
 * Jobs that dispatch-schedules makes: an execution is started, played by the runner, and finished
 * with what the runner found. A flow that fails its checks is a job that succeeded.
 *
 * @param query - the database
 * @param run - the runner
 * @returns the definition
 */
export function defineRunTestExecution(query: Query, run: TestRunner): JobDefinition {
  return defineJob("run_test_execution", payload, async ({ execution_id }, { job, signal }) => {
    const key = [job.tenantId, execution_id];
    const begun = await start(query, key);
    const finish = (verdict: TestVerdict) =>
      query("select from public.finish_test_execution($1, $2, $3, $4, $5)", [
        ...key,
        verdict.status,
        JSON.stringify(verdict.results),
        verdict.error ?? null,
      ]);
    try {
      const verdict = await run({ tenant_id: job.tenantId, execution_id, ...begun }, signal);
      await finish(verdict);
      return { status: verdict.status };
    } catch (error) {
      // Nobody will try again: the execution must not look as if it still ran.
      if (job.attempt >= job.maxAttempts) {
        await unlessOver(() => finish({ status: "error", results: {}, error: reasonOf(error) }));
      }
      throw error;
    }
  }, { timeoutSeconds: TIMEOUT_SECONDS });
}

async function start(query: Query, key: readonly string[]) {
  const rows = await unlessOver(() =>
    query("select * from public.start_test_execution($1, $2)", key)
  );
  if (rows === null) throw new PermanentJobError("The execution is gone or over.");
  return started.parse(rows[0]);
}

// It may have been cancelled, or deleted with its tenant.
async function unlessOver<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === "PT404" || state === "PT409") return null;
    throw error;
  }
}
