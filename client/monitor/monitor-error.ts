/** Every way the monitor refuses or gives up. */
export type MonitorErrorCode =
  | "misconfigured"
  | "usage"
  | "busy"
  | "stopped"
  | "timed_out"
  | "no_answer"
  | "bad_answer"
  | "maintenance_failed"
  | "hook_failed";

/** The error of the monitor. Its message never holds an address, a password or a key. */
export class MonitorError extends Error {
  override readonly name = "MonitorError";
  readonly code: MonitorErrorCode;

  constructor(code: MonitorErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/**
 * The message of anything that was thrown.
 *
 * @param error - anything that was thrown
 * @returns its message, or its text when it has none
 */
export function messageOf(error: unknown): string {
  // A connection that fails on every address of a name: the reasons are inside.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}
