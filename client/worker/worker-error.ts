/** Every way the worker refuses or reports. */
export type WorkerErrorCode =
  | "misconfigured"
  | "no_answer"
  | "lease_lost"
  | "not_returned"
  | "hook_failed";

/** An error of the worker. Its message never holds an address, a password or a key. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  readonly code: WorkerErrorCode;

  constructor(code: WorkerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}
