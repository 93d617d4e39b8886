import { z } from "zod";

/** How much a run does. */
export type MaintenanceMode = "quick" | "full";

/** A row of ops.plan_maintenance. */
export type PlannedStep = z.infer<typeof plannedStep>;

/** A row of ops.maintenance_steps: how a step went. */
export type MaintenanceStep = z.infer<typeof maintenanceStep>;

/** A row of ops.maintenance_runs with its steps. */
export type MaintenanceReport = z.infer<typeof maintenanceReport>;

export const plannedStep = z.object({
  name: z.string(),
  target: z.string(),
  statement: z.string(),
  is_transactional: z.boolean(),
  lock_timeout_ms: z.number(),
  statement_timeout_ms: z.number(),
});

export const maintenanceStep = z.object({
  name: z.string(),
  target: z.string(),
  status: z.enum(["succeeded", "failed", "skipped"]),
  duration_ms: z.number(),
  /** Rows deleted, partitions made or rows of the view; null where nothing is counted. */
  row_count: z.number().nullable(),
  /** Whether there was more to delete than one run does. */
  has_more: z.boolean(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
});

export const maintenanceReport = z.object({
  id: z.string(),
  mode: z.enum(["quick", "full"]),
  status: z.enum(["succeeded", "partial", "failed"]),
  started_at: z.string(),
  finished_at: z.string(),
  steps: z.array(maintenanceStep),
});

export const runRow = z.object({ id: z.string() });
export const stepRow = z.object({ step: maintenanceStep });
export const reportRow = z.object({ report: maintenanceReport });
