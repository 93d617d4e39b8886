import { runMaintenance } from "../../../supabase/functions/_shared/maintenance/run-maintenance.ts";
import type {
  MaintenanceMode,
  MaintenanceReport,
  MaintenanceStep,
} from "../../../supabase/functions/_shared/maintenance/shapes.ts";
import { messageOf } from "../../lib/stack-error.ts";
import type { DbContext, DbResult, Query } from "../command.ts";
import { DbError } from "../db-error.ts";
import { createPaint } from "../palette.ts";
import { oneLine } from "../printable.ts";
import { otherSchema } from "../query-ops.ts";
import { codeOf } from "../with-database.ts";

const STATUSES = { succeeded: "ok", partial: "warn", failed: "critical", skipped: "skipped" } as const;

/**
 * `optimize`: carries out the plan of ops.plan_maintenance, each step recorded. The caller has asked
 * whether the database is meant.
 *
 * @param context - connection and options
 * @param mode - how thoroughly
 * @returns exit code 0, or 1 when a step failed or was skipped
 * @throws DbError `other_schema`, or `interrupted` when Ctrl-C ended it
 */
export async function optimize(context: DbContext, mode: MaintenanceMode): Promise<DbResult> {
  const { target, terminal, signal, progress } = context;
  const paint = createPaint(context.isColoured);
  const report = await run(mode, context, (step) => {
    terminal.tell(`  ${paint(STATUSES[step.status], step.status)}  ${describe(step)}`);
  });
  progress.end();
  const undone = report.steps.filter(({ status }) => status !== "succeeded").length;
  const summary = `${target.label}: ${mode} maintenance ${report.status}, ${report.steps.length} steps` +
    `${undone === 0 ? "" : `, ${undone} not done`}`;
  if (signal.aborted) throw new DbError("interrupted", `Stopped. ${summary}.`);
  if (!context.json) terminal.print(`${summary}.`);
  return {
    exitCode: report.status === "succeeded" && undone === 0 ? 0 : 1,
    report: { database: target.label, ...report },
  };
}

async function run(
  mode: MaintenanceMode,
  context: DbContext,
  onStep: (step: MaintenanceStep) => void,
): Promise<MaintenanceReport> {
  // Steps are told when they have ended; what is at work shows in the statements.
  const query: Query = (text, values = []) => {
    const label = labelOf(text, values);
    if (label !== null) context.progress.step(label);
    return context.query(text, values);
  };
  context.progress.step("Planning");
  try {
    return await runMaintenance({ mode, query, onStep, signal: context.signal });
  } catch (error) {
    if (["3F000", "42883"].includes(codeOf(error))) throw otherSchema(messageOf(error), error);
    throw error;
  }
}

function labelOf(text: string, values: readonly unknown[]): string | null {
  if (text.includes("ops.run_maintenance_step(")) return oneLine(`${values[1]} ${values[2]}`);
  return /^\s*(select|set|reset)\b/i.test(text) ? null : oneLine(text);
}

function describe(step: MaintenanceStep): string {
  return [
    oneLine(`${step.name} ${step.target}`),
    `${(step.duration_ms / 1000).toFixed(2)} s`,
    ...(step.row_count === null ? [] : [`${step.row_count} rows${step.has_more ? ", more remain" : ""}`]),
    ...(step.error === null ? [] : [oneLine(step.error)]),
  ].join(", ");
}
