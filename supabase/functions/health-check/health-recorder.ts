import { z } from "zod";
import type { Transact } from "../_shared/database.ts";

const count = z.number().int().nonnegative();
const recorded = z.object({
  recorded: z.literal(true),
  run_id: z.string(),
  status: z.enum(["ok", "warn", "critical", "unknown"]),
  checks: z.record(z.string(), count).nullable(),
  snapshot: z.object({ samples: count, error: z.string().optional() }),
  alerts: z.object({ opened: count, raised: count, reopened: count, resolved: count }),
});
const notRecorded = z.object({ recorded: z.literal(false), reason: z.string() });
const answer = z.discriminatedUnion("recorded", [recorded, notRecorded]);

/** What ops.record_health_check() answers. */
export type HealthRecord = z.infer<typeof answer>;

/** Makes all health checks and keeps the result. */
export type HealthRecorder = () => Promise<HealthRecord>;

// Supabase ends a request without an answer after 150 s.
const TIMEOUT_MS = 110_000;

/**
 * The health checks of a database.
 *
 * @param transact - runs transactions there
 * @returns the recorder; it throws what `transact` throws
 */
export function createHealthRecorder(transact: Transact): HealthRecorder {
  return () =>
    transact(TIMEOUT_MS, async (query) => {
      const rows = await query("select ops.record_health_check() as answer");
      return z.object({ answer }).parse(rows[0]).answer;
    });
}
