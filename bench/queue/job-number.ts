/**
 * The number of a job from its payload.
 *
 * @param payload - what a queue hands to its handler
 * @returns the number
 */
export function jobNumber(payload: unknown): number {
  if (typeof payload === "object" && payload !== null && "n" in payload) {
    if (typeof payload.n === "number") return payload.n;
  }
  throw new Error("A queue handed over a payload that is not the job's.");
}
