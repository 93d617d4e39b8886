import { z } from "zod";
import { sqlStateOf } from "../_shared/database-error.ts";
import { FunctionError } from "../_shared/function-error.ts";
import type { MaintenanceMode, MaintenanceReport } from "../_shared/maintenance/shapes.ts";
import { createScheduledHandler } from "../_shared/scheduled-handler.ts";

/** What the handler works with; tests inject their own. */
export interface HandlerOptions {
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  /** Makes one run, in so many milliseconds. */
  readonly maintain: (mode: MaintenanceMode, budgetMs: number) => Promise<MaintenanceReport>;
  readonly writeLog?: (line: string) => void;
}

/** Supabase ends a request without an answer after 150 s; by then the report must be out. */
export const BUDGET_MS = 135_000;

const bodySchema = z.strictObject({ mode: z.enum(["quick", "full"]) });

/**
 * Makes the handler of run-maintenance: one run, whose steps fail each for itself. What no time was
 * left for is named under `remaining` and is no failure; the next run takes it up.
 *
 * @param options - see HandlerOptions
 * @returns the handler
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return createScheduledHandler({
    name: "run-maintenance",
    secret: options.secret,
    body: bodySchema,
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
    run: async ({ mode }) => {
      const report = await options.maintain(mode, BUDGET_MS).catch((error: unknown) => {
        if (sqlStateOf(error) !== "PT409") throw error;
        throw new FunctionError(
          "maintenance_is_running",
          "Another run of the maintenance is at work.",
        );
      });
      const remaining = report.steps.filter(({ status, has_more }) =>
        status === "skipped" || has_more
      )
        .map(({ name, target }) => `${name} ${target}`);
      const failed = report.steps.filter(({ status }) => status === "failed");
      if (failed.length === 0) return { ...report, remaining };
      // A schedule counts every 2xx as success, so a partial failure must not be one.
      const names = failed.map(({ name, target }) => `${name} ${target}`).join(", ");
      throw new FunctionError("some_steps_failed", `Failed: ${names}.`, {
        result: { ...report, remaining },
      });
    },
  });
}
