/**
 * The SQLSTATE of an answer of the database.
 *
 * @param error - anything that was thrown
 * @returns five characters, or null when the error is no answer of the database
 */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    return null;
  }
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/**
 * Whether an answer of the database says that it takes no work now: too many connections (53300),
 * starting up or shutting down (57P01 to 57P03), connection trouble (08).
 *
 * @param error - anything that was thrown
 * @returns true when trying again later may help
 */
export function isTurnedAway(error: unknown): boolean {
  return /^(08...|53300|57P0[123])$/.test(sqlStateOf(error) ?? "");
}
