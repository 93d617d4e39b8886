import type { HeldLease, HeldLeases } from "./held-leases.ts";
import type { JobSource } from "./job-source.ts";
import { WorkerError } from "./worker-error.ts";

/**
 * Extends the leases of a worker three times in their length, and takes jobs away that are no
 * longer its own: cancelled ones, and all of a lease that ran out.
 *
 * @param source - knows the leases
 * @param held - what the worker holds
 * @param leaseSeconds - the length of a lease
 * @param onLost - told of each loss, and of a database that does not answer
 * @returns what ends it
 */
export function keepLeases(
  source: JobSource,
  held: HeldLeases,
  leaseSeconds: number,
  onLost: (error: WorkerError) => void,
): { readonly stop: () => void } {
  const take = (lease: HeldLease, ids: readonly string[], why: string): void => {
    for (const id of ids) {
      const item = lease.jobs.get(id);
      if (item === undefined || item.isOver) continue;
      const error = new WorkerError("lease_lost", `Job ${id}: ${why}`);
      held.drop(lease, id);
      item.stop.abort(error);
      onLost(error);
    }
  };

  const extend = async (lease: HeldLease): Promise<void> => {
    const expiresAt = Date.now() + leaseSeconds * 1000;
    const asked = [...lease.jobs.keys()];
    try {
      const running = await source.heartbeat(lease.id);
      if (running === null) return take(lease, asked, "its lease is over.");
      lease.expiresAt = expiresAt;
      const still = new Set(running);
      take(lease, asked.filter((id) => !still.has(id)), "it was cancelled.");
    } catch (error) {
      onLost(new WorkerError("no_answer", "The lease could not be extended.", error));
      if (Date.now() > lease.expiresAt) take(lease, asked, "its lease ran out while the database did not answer.");
    }
  };

  const timer = setInterval(() => {
    for (const lease of held.all()) void extend(lease);
  }, leaseSeconds * 1000 / 3);
  return { stop: () => clearInterval(timer) };
}
