import { z } from "zod";
import type { Job } from "./job.ts";
import { PermanentJobError } from "./job-error.ts";

/** What a handler knows besides its payload. */
export interface JobContext {
  readonly job: Job;
  /** Fires when the job is taken from this worker: cancelled, out of time, or the worker stops. */
  readonly signal: AbortSignal;
}

/** Does a job. What it returns, as JSON, is kept as the job's result; what it throws is a failed attempt. */
export type JobHandler<Payload> = (payload: Payload, context: JobContext) => unknown;

/** Settings of one type of job. */
export interface JobOptions {
  /** How long an attempt may take before it is failed. Default: as long as it likes. */
  readonly timeoutSeconds?: number;
}

/** A type of job with its handler. */
export interface JobDefinition {
  readonly type: string;
  readonly timeoutSeconds: number | undefined;
  /** Checks the payload and does the job. */
  readonly perform: (context: JobContext) => Promise<unknown>;
}

/**
 * Says how jobs of a type are done.
 *
 * @param type - as given to enqueue_job
 * @param payload - what a payload must be; one that is not makes the job dead, with the reason
 * @param handler - see JobHandler; may run more than once for a job whose worker died
 * @param options - see JobOptions
 * @returns the definition, for a worker or for process-jobs
 */
export function defineJob<Payload>(
  type: string,
  payload: z.ZodType<Payload>,
  handler: JobHandler<Payload>,
  options: JobOptions = {},
): JobDefinition {
  return {
    type,
    timeoutSeconds: options.timeoutSeconds,
    perform: async (context) => {
      const read = payload.safeParse(context.job.payload);
      if (read.success) return await handler(read.data, context);
      throw new PermanentJobError(`The payload does not fit: ${z.prettifyError(read.error)}`);
    },
  };
}
