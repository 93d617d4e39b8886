const LONGEST_RETRY_SECONDS = 30 * 24 * 60 * 60;
const LONGEST_REASON = 10_000;
const DEEPEST_CAUSE = 5;

/** Thrown by a handler: the job cannot succeed, whatever the number of attempts. It is dead at once. */
export class PermanentJobError extends Error {
  override readonly name = "PermanentJobError";
}

/** Thrown by a handler: try again after so many seconds instead of the queue's back-off. */
export class RetryJobError extends Error {
  override readonly name = "RetryJobError";
  readonly retrySeconds: number;

  /**
   * @param message - why the attempt failed
   * @param retrySeconds - from 0 to 30 days
   * @param options - as for Error
   * @throws RangeError for another wait; the attempt fails with that
   */
  constructor(message: string, retrySeconds: number, options?: ErrorOptions) {
    super(message, options);
    if (!(retrySeconds >= 0 && retrySeconds <= LONGEST_RETRY_SECONDS)) {
      throw new RangeError(
        `${message} (and retrySeconds must be from 0 to 30 days, and is ${retrySeconds}).`,
      );
    }
    this.retrySeconds = retrySeconds;
  }
}

/**
 * What is kept of an error as the reason why an attempt failed.
 *
 * @param error - anything that was thrown
 * @returns its message with those of its causes; no stack, which people of the tenant would read
 */
export function reasonOf(error: unknown): string {
  // A text of the database holds no NUL and no half of a pair.
  return textOf(error, DEEPEST_CAUSE)
    .slice(0, LONGEST_REASON)
    .replaceAll("\0", "")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

// An error may be its own cause, or an object that is no text.
function textOf(error: unknown, depth: number): string {
  try {
    if (!(error instanceof Error)) return String(error);
    const message = String(error.message) || String(error.name);
    return error.cause === undefined || depth === 0
      ? message
      : `${message} (${textOf(error.cause, depth - 1)})`;
  } catch {
    return "Something was thrown that is no text.";
  }
}
