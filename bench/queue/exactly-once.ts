/**
 * Refuses a measurement in which a job was lost or ran twice.
 *
 * @param ran - numbers of the jobs that ran
 * @param jobs - how many there were, numbered from 0
 * @throws Error that says how many of each
 */
export function requireExactlyOnce(ran: readonly number[], jobs: number): void {
  const times = new Uint32Array(jobs);
  let unknown = 0;
  for (const job of ran) {
    if (job in times) times[job] = (times[job] ?? 0) + 1;
    else unknown += 1;
  }
  const lost = times.filter((count) => count === 0).length;
  const repeated = times.filter((count) => count > 1).length;
  if (lost + repeated + unknown === 0) return;
  throw new Error(
    `Of ${jobs} jobs ${lost} were lost and ${repeated} ran more than once; ${unknown} ran that were never put in.`,
  );
}
