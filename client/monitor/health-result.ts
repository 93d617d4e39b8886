import { z } from "zod";

/** What one check found about one thing. */
export const findingShape = z.object({
  /** Stable over runs, such as `public.messages`. */
  key: z.string(),
  status: z.enum(["ok", "warn", "critical"]),
  message: z.string(),
  /** Figures; their names carry their units. */
  facts: z.record(z.string(), z.unknown()).nullable(),
  /** SQL that would mend it, for a person to run. */
  remedy: z.string().nullable(),
});

/** How one check ended. */
export const checkShape = z.object({
  name: z.string(),
  title: z.string(),
  category: z.string(),
  /** Whether the whole is at best unknown when this check could not run. */
  is_required: z.boolean(),
  status: z.enum(["ok", "warn", "critical", "skipped", "unknown"]),
  /** Why it was skipped or is unknown. */
  reason: z.string().nullable(),
  duration_ms: z.number(),
  findings: z.array(findingShape),
});

/** What `ops.database_health_check()` returns. */
export const healthResultShape = z.object({
  status: z.enum(["ok", "warn", "critical", "unknown"]),
  checked_at: z.string(),
  duration_ms: z.number(),
  server_version: z.string(),
  checks: z.array(checkShape),
});

/** What one check found about one thing. */
export type Finding = z.infer<typeof findingShape>;

/** How one check ended. */
export type HealthCheck = z.infer<typeof checkShape>;

/** What `ops.database_health_check()` returns. */
export type HealthResult = z.infer<typeof healthResultShape>;
