/** Every way the local stack refuses or gives up, for callers that react to one of them. */
export type StackErrorCode =
  | "port_taken"
  | "already_running"
  | "binaries_missing"
  | "postgres_failed"
  | "migration_failed"
  | "api_failed"
  | "functions_failed"
  | "data_unreadable"
  | "aborted"
  | "usage";

/**
 * The error of the local stack. Its message is one or two sentences for a person, so that the
 * command line can print it without a stack trace; `detail` carries a log excerpt when there is one.
 */
export class StackError extends Error {
  readonly code: StackErrorCode;
  readonly detail: string | undefined;

  constructor(code: StackErrorCode, message: string, detail?: string) {
    super(message);
    this.name = "StackError";
    this.code = code;
    this.detail = detail;
  }
}

/**
 * Whether a value has a string `code`, as Node's system errors and postgres.js errors have.
 *
 * @param error - anything that was thrown
 * @param code - the code to compare with
 * @returns true when `error.code === code`
 */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}

/**
 * The message of anything that was thrown.
 *
 * @param error - anything that was thrown
 * @returns its message, or its text when it is no Error
 */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}
