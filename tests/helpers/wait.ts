import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until there is an answer.
 *
 * @param what - what is waited for, for the error
 * @param ask - returns undefined while there is nothing yet
 * @param seconds - how long to ask
 * @returns the answer
 * @throws Error when the time is over
 */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`After ${seconds} s there is still no ${what}.`);
    await sleep(200);
  }
}
