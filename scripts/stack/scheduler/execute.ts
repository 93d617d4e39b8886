import postgres from "postgres";
import { messageOf } from "../../lib/stack-error.ts";
import type { RunOutcome, Schedule } from "./schedule-table.ts";

/** What runs are made with. */
export interface ExecuteContext {
  /** The database as `postgres`. */
  readonly dbUrl: string;
  /** Address of the edge functions, without a slash at the end. */
  readonly functionsUrl: string;
  readonly functionsSecret: string;
  /** Aborted when the stack stops. */
  readonly signal: AbortSignal;
}

const MAX_TEXT = 2_000;

/**
 * Runs a schedule once. Never throws: a failure is an outcome.
 *
 * @param schedule - what to run
 * @param context - connections and secrets
 * @returns how it ended
 */
export async function execute(schedule: Schedule, context: ExecuteContext): Promise<RunOutcome> {
  const seconds = schedule.timeout_seconds;
  try {
    context.signal.throwIfAborted();
    return schedule.kind === "function"
      ? await callFunction(schedule, seconds, context)
      : await runStatement(schedule, seconds, context);
  } catch (error) {
    return {
      status: "failed",
      httpStatus: null,
      result: undefined,
      error: reasonOf(error, seconds, context),
    };
  }
}

async function callFunction(
  schedule: Schedule,
  seconds: number,
  context: ExecuteContext,
): Promise<RunOutcome> {
  const response = await fetch(`${context.functionsUrl}/${schedule.target}`, {
    method: "POST",
    headers: { authorization: `Bearer ${context.functionsSecret}`, "content-type": "application/json" },
    body: JSON.stringify(schedule.body ?? {}),
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(seconds * 1_000)]),
  });
  const text = await response.text();
  return {
    status: response.ok ? "succeeded" : "failed",
    httpStatus: response.status,
    result: jsonOf(text),
    error: response.ok ? null : `HTTP ${response.status}: ${text.slice(0, MAX_TEXT)}`,
  };
}

// As pg_cron does it: on a connection of its own, so that nothing the statement sets stays, and
// outside a transaction block, so that VACUUM works; several statements in one text are one
// transaction by the protocol.
async function runStatement(
  schedule: Schedule,
  seconds: number,
  context: ExecuteContext,
): Promise<RunOutcome> {
  const sql = postgres(context.dbUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: {
      application_name: `rowhouse-schedule ${schedule.name}`,
      statement_timeout: seconds * 1_000,
    },
  });
  try {
    const query = sql.unsafe(schedule.target).simple();
    const cancel = (): void => query.cancel();
    context.signal.addEventListener("abort", cancel, { once: true });
    const answer = await query.finally(() => context.signal.removeEventListener("abort", cancel));
    // One statement gives its result, several give an array of results: the last one counts.
    const last = "command" in answer ? answer : Array.from<object>(answer).at(-1);
    return { status: "succeeded", httpStatus: null, result: summaryOf(last), error: null };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function summaryOf(result: object | undefined): object | undefined {
  // The driver hangs both on the array of rows.
  return result !== undefined && "command" in result && "count" in result
    ? { command: result.command, rows: result.count }
    : undefined;
}

function jsonOf(text: string): unknown {
  if (text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return { text: text.slice(0, MAX_TEXT) };
  }
}

function reasonOf(error: unknown, seconds: number, context: ExecuteContext): string {
  if (context.signal.aborted) return "The stack was stopped while this was running.";
  if (error instanceof Error && error.name === "TimeoutError") return `No answer within ${seconds} s.`;
  return messageOf(error).slice(0, MAX_TEXT);
}
