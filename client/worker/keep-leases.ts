import type { HeldLease, HeldLeases } from "./held-leases.ts";
import type { JobSource } from "./job-source.ts";
import { WorkerError, workerErrorOf } from "./worker-error.ts";

/**
 * Extends the leases of a worker three times in their length, and takes jobs away that are no
 * longer its own: cancelled ones, and all of a lease that ran out.
 *
 * @param source - knows the leases
 * @param held - what the worker holds
 * @param onLost - told of each loss, and of a database that does not answer
 * @returns what ends it
 */
export function keepLeases(
  source: JobSource,
  held: HeldLeases,
  onLost: (error: WorkerError) => void,
): { readonly stop: () => void } {
  const leaseMs = source.leaseSeconds * 1000;
  const take = (lease: HeldLease, ids: readonly string[], why: string): void => {
    for (const id of ids) {
      const item = lease.jobs.get(id);
      if (item === undefined || item.isOver) continue;
      const error = new WorkerError("lease_lost", `Job ${id}: ${why}`);
      held.drop(lease, id);
      item.takeAway(error);
      onLost(error);
    }
  };
  const takeExpired = (lease: HeldLease): void => {
    if (Date.now() <= lease.expiresAt) return;
    take(lease, [...lease.jobs.keys()], "its lease ran out while the database did not answer.");
  };

  const extend = async (lease: HeldLease): Promise<void> => {
    // Counted from before it was sent: the database counts from later on.
    const expiresAt = Date.now() + leaseMs;
    const asked = [...lease.jobs.keys()];
    lease.isExtending = true;
    try {
      const running = await source.heartbeat(lease.id);
      if (running !== null) lease.expiresAt = expiresAt;
      const still = new Set(running);
      // A lease ends with its last job, so nobody can tell which of the two it was.
      take(lease, asked.filter((id) => !still.has(id)), "it was cancelled, or given to others.");
    } catch (error) {
      onLost(workerErrorOf(error, "The lease could not be extended."));
      takeExpired(lease);
    } finally {
      lease.isExtending = false;
    }
  };

  const timer = setInterval(() => {
    for (const lease of held.all()) {
      // A silent database gets no second question before it has answered the first.
      if (lease.isExtending) takeExpired(lease);
      else void extend(lease);
    }
  }, leaseMs / 3);
  return { stop: () => clearInterval(timer) };
}
