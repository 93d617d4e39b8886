import type { QueueContestant } from "./contestant.ts";
import { graphileWorker } from "./contestants/graphile-worker.ts";
import { pgBoss } from "./contestants/pg-boss.ts";
import { rowhouse } from "./contestants/rowhouse.ts";

/** The name of the queue whose standing is told. */
export const OURS = "rowhouse";

/** The queues that are measured. */
export const CONTESTANTS: readonly QueueContestant[] = [rowhouse, graphileWorker, pgBoss];

/**
 * Finds a contestant.
 *
 * @param name - its name
 * @returns the contestant
 */
export function contestantNamed(name: string): QueueContestant {
  const found = CONTESTANTS.find((contestant) => contestant.name === name);
  if (!found) throw new Error(`There is no contestant ${name}.`);
  return found;
}
