import { z } from "zod";
import { sqlStateOf } from "../_shared/database-error.ts";
import { FunctionError } from "../_shared/function-error.ts";
import { invalidBody } from "../_shared/json-body.ts";
import { createScheduledHandler, type Log } from "../_shared/scheduled-handler.ts";
import type { MaterializedView, MaterializedViews } from "./materialized-views.ts";

/** What the handler works with; tests inject their own. */
export interface HandlerOptions {
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  readonly views: MaterializedViews;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
  readonly writeLog?: (line: string) => void;
}

/** A view that was refreshed. */
interface Refreshed {
  readonly view: string;
  readonly rows: number;
  readonly duration_ms: number;
  readonly concurrent: boolean;
}

/** A view that was not, and why: an SQLSTATE, or one of three words of ours. */
interface Failed {
  readonly view: string;
  readonly code: string;
  readonly message: string;
}

// Supabase ends a request without an answer after 150 s; by then the report must be out.
const BUDGET_MS = 140_000;
// One view must not eat the whole budget every time.
const VIEW_TIMEOUT_MS = 120_000;
const WORTH_STARTING_MS = 1_000;

/** What an operator needs to know beside the database's own words. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  "55P03": "another session, probably another refresh, held it for 5 s",
  "57014": "it took too long or was cancelled by hand",
};

const bodySchema = z.strictObject({
  views: z
    .array(z.string().regex(/^[a-z_][a-z0-9_]*$/, "Not the name of a view."))
    .min(1)
    .max(50)
    .refine((names) => new Set(names).size === names.length, "A view is named twice.")
    .optional(),
});

/**
 * Makes the handler of refresh-views: refreshes the named or all materialized views, one
 * transaction each, so that one that fails neither stops nor undoes the others.
 *
 * @param options - see HandlerOptions
 * @returns the handler
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { views, now = () => performance.now() } = options;
  return createScheduledHandler({
    name: "refresh-views",
    secret: options.secret,
    body: bodySchema,
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
    run: async (body, log) => {
      const deadline = now() + BUDGET_MS;
      const refreshed: Refreshed[] = [];
      const failed: Failed[] = [];
      for (const view of select(await views.list(), body.views)) {
        const outcome = await refreshOne(view, views, deadline, now, log);
        if ("code" in outcome) failed.push(outcome);
        else refreshed.push(outcome);
      }
      if (failed.length === 0) return { refreshed, failed };
      // A schedule counts every 2xx as success, so a partial failure must not be one.
      const names = failed.map(({ view }) => view).join(", ");
      throw new FunctionError("some_views_failed", `Not refreshed: ${names}.`, {
        result: { refreshed, failed },
      });
    },
  });
}

function select(
  existing: readonly MaterializedView[],
  names: readonly string[] | undefined,
): readonly MaterializedView[] {
  if (names === undefined) return existing;
  const unknown = names.flatMap((name, index) =>
    existing.some((view) => view.name === name) ? [] : [{
      code: "unknown_view",
      path: ["views", index],
      message: `There is no materialized view ${name}; ops.list_materialized_views() names them.`,
    }]
  );
  if (unknown.length > 0) throw invalidBody(unknown);
  return existing.filter((view) => names.includes(view.name));
}

async function refreshOne(
  view: MaterializedView,
  views: MaterializedViews,
  deadline: number,
  now: () => number,
  log: Log,
): Promise<Refreshed | Failed> {
  const started = now();
  const left = deadline - started;
  if (left < WORTH_STARTING_MS) {
    // Nothing was tried, so nothing is recorded: the view stays the oldest and comes first next time.
    const message = "The time of this run was used up by other views; it comes first in the next.";
    return { view: view.name, code: "out_of_time", message };
  }
  try {
    const run = await views.refresh(view.name, Math.min(left, VIEW_TIMEOUT_MS));
    if (run.row_count === null) {
      const code = run.error_code ?? "internal_error";
      return { view: view.name, code, message: explained(code, run.error ?? "No reason given.") };
    }
    return {
      view: view.name,
      rows: run.row_count,
      duration_ms: run.duration_ms,
      concurrent: run.is_concurrent,
    };
  } catch (error) {
    const failure = { view: view.name, ...describe(error) };
    log(failure.code, error);
    const duration_ms = Math.max(0, now() - started);
    await views.record({ view, duration_ms, code: failure.code, message: failure.message })
      // The answer reports it all the same.
      .catch((reason: unknown) => log("not_recorded", reason));
    return failure;
  }
}

function describe(error: unknown): { code: string; message: string } {
  const code = sqlStateOf(error);
  if (code !== null && error instanceof Error) {
    return { code, message: explained(code, error.message) };
  }
  if (error instanceof FunctionError) return { code: error.code, message: error.message };
  return { code: "internal_error", message: "Unexpected; the function's log has the reason." };
}

function explained(code: string, message: string): string {
  const explanation = EXPLANATIONS[code];
  return explanation === undefined ? message : `${message} (${explanation})`;
}
