import { z } from "zod";
import { WorkerError } from "./worker-error.ts";

/** How a worker works. */
export interface WorkerSettings {
  /** Jobs under way at a time, 1 to 5000. Default 10. */
  readonly concurrency?: number | undefined;
  /** Most jobs of one claim, 1 to 5000. Default: as many as `concurrency`. */
  readonly batch?: number | undefined;
  /**
   * How long it waits for a notification before it looks for jobs all the same; at most 30, because nobody is told
   * who has not looked for a minute. Default 2.
   */
  readonly pollSeconds?: number | undefined;
  /** How long stopping waits for jobs under way, 0 to a day. Default 20. */
  readonly graceSeconds?: number | undefined;
}

const most = z.number().int().min(1).max(5000);
const shape = z.strictObject({
  concurrency: most.default(10),
  batch: most.optional(),
  pollSeconds: z.number().positive().max(30).default(2),
  graceSeconds: z.number().min(0).max(86_400).default(20),
});

/**
 * Fills the settings up.
 *
 * @param settings - see WorkerSettings
 * @returns all of them
 * @throws WorkerError `misconfigured` for one that is out of range or unknown
 */
export function completeSettings(settings: WorkerSettings): z.infer<typeof shape> & { readonly batch: number } {
  const read = shape.safeParse(settings);
  if (!read.success) throw new WorkerError("misconfigured", `The settings do not fit: ${z.prettifyError(read.error)}`);
  return { ...read.data, batch: read.data.batch ?? read.data.concurrency };
}
