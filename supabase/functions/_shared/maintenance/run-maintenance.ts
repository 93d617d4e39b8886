import type { Query } from "../query.ts";
import { recordStep, resetLimits, runStep } from "./run-step.ts";
import {
  type MaintenanceMode,
  type MaintenanceReport,
  type MaintenanceStep,
  plannedStep,
  reportRow,
  runRow,
} from "./shapes.ts";

/** What a run is made with. */
export interface MaintenanceOptions {
  /** `full` also takes on what autovacuum would have to do soon, and rebuilds invalid indexes. */
  readonly mode: MaintenanceMode;
  /**
   * Runs one statement, outside a transaction, as the owner of the database, and always over the
   * same connection: the lock that keeps a second run out belongs to it. No transaction pooler.
   */
  readonly query: Query;
  /** Told each step when it has ended. */
  readonly onStep?: (step: MaintenanceStep) => void;
  /** Aborted: no further step is begun. Cancelling the one at work is up to who has the connection. */
  readonly signal?: AbortSignal;
  /** No step is begun, and none goes on, after so many milliseconds. Default: no limit. */
  readonly budgetMs?: number;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
}

const WORTH_STARTING_MS = 1_000;

/**
 * Carries out the plan of `ops.plan_maintenance` step by step, each a statement of its own with its
 * limits for waiting and working. A step that fails is recorded and stops no other; those for which
 * no time is left are recorded as skipped.
 *
 * Runs under Deno and Node alike. With pg:
 *
 *     const client = new pg.Client(url);
 *     await client.connect();
 *     const query = async (text, values = []) => (await client.query(text, [...values])).rows;
 *     const report = await runMaintenance({ mode: "quick", query });
 *
 * @param options - see MaintenanceOptions
 * @returns the run as ops.maintenance_runs has it, with its steps
 * @throws what `query` throws: SQLSTATE `PT409` while another run is at work; and whatever is no
 *   answer of the database to a step, such as a lost connection (the next run closes this one)
 */
export async function runMaintenance(options: MaintenanceOptions): Promise<MaintenanceReport> {
  const { mode, query, onStep, signal, budgetMs = Infinity, now = () => performance.now() } =
    options;
  const deadline = now() + budgetMs;
  const { id } = runRow.parse(first(
    await query("select ops.begin_maintenance($1, is_direct => true) as id", [mode]),
  ));
  const plan = await query(
    "select p.* from ops.plan_maintenance($1, is_direct => true) as p order by p.place",
    [mode],
  );
  for (const planned of plan.map((row) => plannedStep.parse(row))) {
    const left = deadline - now();
    const reason = whyNot(left, signal);
    const step = reason === null
      ? await runStep(id, planned, left, query, now)
      : await recordStep(id, planned, { status: "skipped", error: reason }, query);
    onStep?.(step);
  }
  await resetLimits(query);
  return reportRow.parse(first(await query("select ops.finish_maintenance($1) as report", [id])))
    .report;
}

function whyNot(leftMs: number, signal: AbortSignal | undefined): string | null {
  if (signal?.aborted === true) return "The run was stopped.";
  return leftMs < WORTH_STARTING_MS ? "No time was left." : null;
}

function first(rows: readonly unknown[]): unknown {
  return rows[0];
}
