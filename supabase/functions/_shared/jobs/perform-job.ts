import type { JobDefinition } from "./define-job.ts";
import type { Job } from "./job.ts";
import { PermanentJobError, reasonOf, RetryJobError } from "./job-error.ts";

/** How an attempt went. */
export type JobOutcome =
  | { readonly kind: "succeeded"; readonly result: unknown }
  | {
    readonly kind: "failed";
    readonly reason: string;
    readonly retrySeconds: number | null;
    readonly isPermanent: boolean;
  };

/** The definitions of a worker, by type. */
export type JobDefinitions = ReadonlyMap<string, JobDefinition>;

/**
 * Puts definitions together.
 *
 * @param definitions - at most one for a type
 * @returns them by type
 * @throws Error when a type has two
 */
export function byType(definitions: readonly JobDefinition[]): JobDefinitions {
  const map = new Map(definitions.map((definition) => [definition.type, definition]));
  if (map.size < definitions.length) {
    throw new Error("Two handlers are registered for one type of job.");
  }
  return map;
}

/**
 * Makes one attempt.
 *
 * @param definitions - what the worker can do
 * @param job - what is to be done
 * @param signal - takes the job away
 * @returns how it went; never rejects
 */
export async function performJob(
  definitions: JobDefinitions,
  job: Job,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const definition = definitions.get(job.type);
  if (definition === undefined) {
    return failed(`This worker has no handler for jobs of type ${job.type}.`);
  }
  try {
    const { timeoutSeconds } = definition;
    const result = timeoutSeconds === undefined
      ? await definition.perform({ job, signal })
      : await inTime(timeoutSeconds, signal, (limited) =>
        definition.perform({ job, signal: limited }));
    requireJson(result);
    return { kind: "succeeded", result };
  } catch (error) {
    return {
      ...failed(reasonOf(error)),
      retrySeconds: error instanceof RetryJobError ? error.retrySeconds : null,
      isPermanent: error instanceof PermanentJobError,
    };
  }
}

function failed(reason: string): JobOutcome & { kind: "failed" } {
  return { kind: "failed", reason, retrySeconds: null, isPermanent: false };
}

// Found here and not when many results are sent together: the database refuses these in JSON.
function requireJson(result: unknown): void {
  if (/\\u(0000|d[89a-f][0-9a-f]{2})/.test(JSON.stringify(result) ?? "")) {
    throw new PermanentJobError(
      "The result holds characters that are no text (NUL, half of a pair).",
    );
  }
}

// A handler that ignores the signal is not waited for: its job goes on with another attempt.
async function inTime<T>(
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`The attempt took longer than ${seconds} s.`);
      limit.abort(error);
      reject(error);
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work(AbortSignal.any([signal, limit.signal])), over]);
  } finally {
    clearTimeout(timer);
  }
}
