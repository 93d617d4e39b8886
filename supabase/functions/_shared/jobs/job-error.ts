/** Thrown by a handler: the job cannot succeed, whatever the number of attempts. It is dead at once. */
export class PermanentJobError extends Error {
  override readonly name = "PermanentJobError";
}

/** Thrown by a handler: try again after so many seconds instead of the queue's back-off. */
export class RetryJobError extends Error {
  override readonly name = "RetryJobError";
  readonly retrySeconds: number;

  constructor(message: string, retrySeconds: number, options?: ErrorOptions) {
    super(message, options);
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
  if (!(error instanceof Error)) return clean(String(error));
  const message = clean(error.message === "" ? error.name : error.message);
  return error.cause === undefined ? message : `${message} (${reasonOf(error.cause)})`;
}

// A text of the database holds no NUL.
function clean(text: string): string {
  return text.replaceAll("\0", "");
}
