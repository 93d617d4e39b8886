/** How thoroughly to maintain. */
export type MaintenanceMode = "quick" | "full";

/** Where the monitor asks. Both promises reject when there is no answer, or the signal fires. */
export interface HealthSource {
  /** What `ops.database_health_check()` returned, not yet checked. */
  readonly check: (signal: AbortSignal) => Promise<unknown>;
  /** What the maintenance did, not yet checked. */
  readonly maintain: (mode: MaintenanceMode, signal: AbortSignal) => Promise<unknown>;
}
