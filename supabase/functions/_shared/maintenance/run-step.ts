import { isTurnedAway, sqlStateOf } from "../database-error.ts";
import type { Query } from "../query.ts";
import { type MaintenanceStep, type PlannedStep, stepRow } from "./shapes.ts";

/** How a step that left no record of its own ended. */
export interface Outcome {
  readonly status: MaintenanceStep["status"];
  readonly duration_ms?: number;
  readonly error_code?: string;
  readonly error?: string;
}

/**
 * Does one step within its limits and has it written down.
 *
 * @param run - id of the run
 * @param step - what to do
 * @param leftMs - what is left of the run's time; the statement is cancelled after that
 * @param query - runs one statement
 * @param now - a clock in milliseconds
 * @returns the record
 * @throws what `query` throws, unless it is the database's answer to the step
 */
export async function runStep(
  run: string,
  step: PlannedStep,
  leftMs: number,
  query: Query,
  now: () => number,
): Promise<MaintenanceStep> {
  const started = now();
  try {
    await query(
      "select set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)",
      [
        `${step.lock_timeout_ms}ms`,
        `${Math.floor(Math.min(step.statement_timeout_ms, leftMs))}ms`,
      ],
    );
    if (step.is_transactional) {
      const rows = await query(
        "select to_jsonb(s) as step from ops.run_maintenance_step($1, $2, $3) as s",
        [run, step.name, step.target],
      );
      return readStep(rows);
    }
    await query(step.statement);
  } catch (error) {
    const code = sqlStateOf(error);
    if (code === null || !(error instanceof Error) || isTurnedAway(error)) throw error;
    return await recordStep(run, step, {
      status: "failed",
      duration_ms: now() - started,
      error_code: code,
      error: error.message,
    }, query);
  }
  return await recordStep(run, step, { status: "succeeded", duration_ms: now() - started }, query);
}

/**
 * Writes down how a step ended.
 *
 * @param run - id of the run
 * @param step - which one
 * @param outcome - how it ended
 * @param query - runs one statement
 * @returns the record
 * @throws what `query` throws
 */
export async function recordStep(
  run: string,
  step: PlannedStep,
  outcome: Outcome,
  query: Query,
): Promise<MaintenanceStep> {
  // The limits were those of the step, which may have used them up.
  await resetLimits(query);
  const rows = await query(
    `
    select to_jsonb(s) as step
    from ops.record_maintenance_step(
      $1, $2, $3, $4, duration_ms => $5, error_code => $6, error => $7
    ) as s
    `,
    [
      run,
      step.name,
      step.target,
      outcome.status,
      Math.max(0, outcome.duration_ms ?? 0),
      outcome.error_code ?? null,
      outcome.error ?? null,
    ],
  );
  return readStep(rows);
}

/**
 * Takes back the limits of a step.
 *
 * @param query - runs one statement
 * @throws what `query` throws
 */
export async function resetLimits(query: Query): Promise<void> {
  await query("reset lock_timeout");
  await query("reset statement_timeout");
}

function readStep(rows: readonly unknown[]): MaintenanceStep {
  return stepRow.parse(rows[0]).step;
}
