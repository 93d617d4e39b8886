import { z } from "zod";
import type { Transact } from "../_shared/database.ts";

const count = z.number().int().nonnegative();
const batch = z.object({
  dispatched: count,
  skipped: count,
  failed: count,
  postponed: count,
  has_more: z.boolean(),
});

/** What public.dispatch_test_schedules() did. */
export type Batch = z.infer<typeof batch>;

/** Dispatches one batch of due test schedules, in a transaction of its own. */
export type ScheduleDispatcher = () => Promise<Batch>;

// A batch takes a second; the schedule gives a run a minute.
const TIMEOUT_MS = 30_000;

/**
 * The due test schedules of a database.
 *
 * @param transact - runs transactions there
 * @returns the dispatcher; it throws what `transact` throws
 */
export function createScheduleDispatcher(transact: Transact): ScheduleDispatcher {
  return () =>
    transact(TIMEOUT_MS, async (query) => {
      const rows = await query("select * from public.dispatch_test_schedules()");
      return batch.parse(rows[0]);
    });
}
