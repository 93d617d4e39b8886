import { z } from "zod";
import { createScheduledHandler } from "../_shared/scheduled-handler.ts";
import type { HealthRecorder } from "./health-recorder.ts";

/** What the handler works with; tests inject their own. */
export interface HandlerOptions {
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  readonly record: HealthRecorder;
  readonly writeLog?: (line: string) => void;
}

/**
 * Makes the handler of health-check: one recorded health run. A database in a bad state is a 200,
 * because looking at it went well; its alerts tell of it.
 *
 * @param options - see HandlerOptions
 * @returns the handler
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return createScheduledHandler({
    name: "health-check",
    secret: options.secret,
    body: z.strictObject({}),
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
    run: async (_body, log) => {
      const answer = await options.record();
      if (answer.recorded && answer.snapshot.error !== undefined) {
        log("no_snapshot", answer.snapshot.error);
      }
      return answer;
    },
  });
}
