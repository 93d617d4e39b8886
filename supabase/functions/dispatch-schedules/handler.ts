import { z } from "zod";
import { createScheduledHandler } from "../_shared/scheduled-handler.ts";
import type { Batch, ScheduleDispatcher } from "./schedule-dispatcher.ts";

/** What the handler works with; tests inject their own. */
export interface HandlerOptions {
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  readonly dispatch: ScheduleDispatcher;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
  readonly writeLog?: (line: string) => void;
}

// No batch is begun later than this: with the longest one the run still ends within its minute.
const BUDGET_MS = 25_000;

/**
 * Makes the handler of dispatch-schedules: batch after batch until no test schedule is due, or
 * those that are lie in the hands of another dispatcher. A schedule that fails is a 200: it is its
 * tenant's to mend and says why in last_error.
 *
 * @param options - see HandlerOptions
 * @returns the handler
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { dispatch, now = () => performance.now() } = options;
  return createScheduledHandler({
    name: "dispatch-schedules",
    secret: options.secret,
    body: z.strictObject({}),
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
    run: async () => {
      const deadline = now() + BUDGET_MS;
      const done = { batches: 0, dispatched: 0, skipped: 0, failed: 0, postponed: 0 };
      for (;;) {
        const batch = await dispatch();
        done.batches += 1;
        done.dispatched += batch.dispatched;
        done.skipped += batch.skipped;
        done.failed += batch.failed;
        done.postponed += batch.postponed;
        if (!batch.has_more || !hasMoved(batch) || now() >= deadline) {
          return { ...done, has_more: batch.has_more };
        }
      }
    },
  });
}

function hasMoved({ dispatched, skipped, failed }: Batch): boolean {
  return dispatched + skipped + failed > 0;
}
