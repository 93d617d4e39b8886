import { messageOf } from "../lib/stack-error.ts";
import { connect, type Target } from "../migrate/target.ts";
import type { Query } from "./command.ts";
import { DbError } from "./db-error.ts";

// What the database answers when it takes nobody in: starting, stopping, full, no such database or
// user, wrong password.
const TURNED_AWAY = /^(08...|53300|57P0[123]|3D000|28...)$/;

/**
 * Gives work a connection. At Ctrl-C the statement under way is cancelled on the server, and the
 * work's later statements still run: it may have something to write down.
 *
 * @param target - the database
 * @param signal - fires at Ctrl-C
 * @param work - gets the means to run one statement
 * @param name - what the server calls the session
 * @returns what the work returns
 * @throws DbError `no_connection`, or `interrupted` when the signal ended it; what the work throws
 */
export async function withDatabase<T>(
  target: Target,
  signal: AbortSignal,
  work: (query: Query) => Promise<T>,
  name = "rowhouse db",
): Promise<T> {
  const sql = connect(target, { application_name: name });
  const query: Query = async (text, values = []) => {
    // The simple protocol for what has no values: VACUUM and the like do not prepare.
    const running = values.length === 0 ? sql.unsafe(text).simple() : sql.unsafe(text, values.map(asParameter));
    const cancel = (): void => void running.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return [...await running];
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };
  let isDone = false;
  try {
    try {
      await query("select 1");
    } catch (error) {
      if (signal.aborted) throw error;
      throw new DbError("no_connection", `${target.label} cannot be reached: ${messageOf(error)}.`, error);
    }
    const result = await work(query);
    isDone = true;
    return result;
  } catch (error) {
    const isOurs = error instanceof DbError;
    if (signal.aborted && !isOurs) throw new DbError("interrupted", "Stopped.", error);
    if (!isOurs && isConnectionLoss(error)) {
      throw new DbError("no_connection", `${target.label} is gone: ${messageOf(error)}.`, error);
    }
    throw error;
  } finally {
    // A connection that failed, or was cut off in its statement, has no goodbye to wait for.
    await sql.end({ timeout: isDone ? 5 : 0 });
  }
}

/**
 * The SQLSTATE, or the driver's code, of an error.
 *
 * @param error - anything that was thrown
 * @returns the code, or the empty text
 */
export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  return TURNED_AWAY.test(code) ||
    /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code);
}

function asParameter(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
