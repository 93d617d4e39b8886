/** Every way the worker refuses or reports. */
export type WorkerErrorCode =
  | "misconfigured"
  | "no_answer"
  | "refused"
  | "lease_lost"
  | "stopped"
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

/**
 * What an answer with an error means: `refused` for what was sent and would be refused again
 * (values, texts, sizes), `no_answer` for all that may go better next time.
 *
 * @param sqlState - the code of the answer; empty for none
 * @param message - its message
 * @param cause - the error as it came
 * @returns the error of the worker
 */
export function answerError(sqlState: string, message: string, cause?: unknown): WorkerError {
  const code = /^(22|23|54)/.test(sqlState) ? "refused" : "no_answer";
  return new WorkerError(code, `The database answered: ${message}${sqlState === "" ? "" : ` (${sqlState})`}.`, cause);
}

/**
 * An error of a source as one of the worker.
 *
 * @param error - anything that was thrown
 * @param doing - what could not be done, a sentence, for a database that gave no answer
 * @returns the error itself when it is a WorkerError
 */
export function workerErrorOf(error: unknown, doing = "The database does not answer."): WorkerError {
  return error instanceof WorkerError ? error : new WorkerError("no_answer", doing, error);
}
