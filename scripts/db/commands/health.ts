import { z } from "zod";
import { type HealthCheck, type HealthResult, healthResultShape } from "../../../client/monitor/health-result.ts";
import type { DbContext, DbResult } from "../command.ts";
import { oneLine, printable } from "../printable.ts";
import { createPaint, type Paint } from "../palette.ts";
import { queryOps } from "../query-ops.ts";

const EXIT_CODES = { ok: 0, warn: 1, unknown: 1, critical: 2 } as const;
const rowShape = z.object({ result: healthResultShape });

/**
 * `health`: runs all checks and shows what they found.
 *
 * @param context - connection and options
 * @returns exit code 0 ok, 1 warn or unknown, 2 critical
 * @throws DbError `other_schema` when the database has not the migrations for it
 */
export async function health(context: DbContext): Promise<DbResult> {
  const result = await readHealth(context);
  if (!context.json) {
    const paint = createPaint(context.isColoured);
    for (const line of describe(result, context.target.label, paint)) context.terminal.print(line);
  }
  return { exitCode: EXIT_CODES[result.status], report: { database: context.target.label, ...result } };
}

/**
 * Runs all checks.
 *
 * @param context - connection and progress
 * @returns what they found
 * @throws DbError `other_schema`
 */
export async function readHealth(context: Pick<DbContext, "query" | "progress">): Promise<HealthResult> {
  context.progress.step("Checking");
  const [row] = await queryOps(context.query, "select ops.database_health_check() as result", rowShape);
  return rowShape.parse(row).result;
}

function describe(result: HealthResult, label: string, paint: Paint): string[] {
  const asked = new Date(result.checked_at).toISOString().slice(0, 19).replace("T", " ");
  const title = `${label}: ${paint(result.status, result.status)}`;
  const about = `${result.checks.length} checks in ${Math.round(result.duration_ms)} ms, ` +
    `PostgreSQL ${oneLine(result.server_version)}, ${asked} UTC`;
  const good = result.checks.filter(({ status }) => status === "ok").map(({ name }) => oneLine(name));
  return [
    title,
    about,
    ...(["critical", "warn", "unknown", "skipped"] as const).flatMap((status) => {
      const lines = result.checks.filter((check) => check.status === status).flatMap((check) =>
        describeCheck(check, paint)
      );
      return lines.length === 0 ? [] : ["", ...lines];
    }),
    ...(good.length === 0 ? [] : ["", `${paint("ok", "ok")}  ${good.join(", ")}`]),
  ];
}

function describeCheck(check: HealthCheck, paint: Paint): string[] {
  const { status, title, name, reason, findings } = check;
  return [
    `${paint(status, status)}  ${oneLine(title)} (${oneLine(name)})${reason === null ? "" : `: ${oneLine(reason)}`}`,
    ...findings.filter((finding) => finding.status !== "ok").flatMap((finding) => [
      `  ${paint(finding.status, finding.status)}  ${oneLine(finding.message)}`,
      ...(finding.remedy === null ? [] : printable(finding.remedy).split("\n").map((line) => `    ${line}`)),
    ]),
  ];
}
