import type { HealthCheck, HealthResult } from "../../../client/monitor/health-result.ts";

/** Something to do, and why. */
export interface Recommendation {
  readonly severity: "critical" | "warn";
  readonly check: string;
  /** What is wrong, once for each thing that the same SQL mends. */
  readonly reasons: readonly string[];
  /** SQL to read, and then to run. */
  readonly remedy: string;
}

const ORDER = ["critical", "warn"] as const;
const CHECK_ORDER = [...ORDER, "unknown", "skipped", "ok"];

/**
 * Checks in the order in which a person should look at them.
 *
 * @param checks - as they ran
 * @returns the gravest first
 */
export function gravestFirst(checks: readonly HealthCheck[]): HealthCheck[] {
  return [...checks].sort((one, other) => CHECK_ORDER.indexOf(one.status) - CHECK_ORDER.indexOf(other.status));
}

/**
 * What the findings advise: the gravest first, and nothing twice.
 *
 * @param result - a run of all checks
 * @returns findings that have a remedy
 */
export function recommend(result: HealthResult): Recommendation[] {
  const byRemedy = new Map<string, Recommendation>();
  for (const severity of ORDER) {
    for (const check of result.checks) {
      for (const { status, message, remedy } of check.findings) {
        if (status !== severity || remedy === null) continue;
        const known = byRemedy.get(remedy);
        byRemedy.set(
          remedy,
          known === undefined
            ? { severity, check: check.title, reasons: [message], remedy }
            : { ...known, reasons: [...known.reasons, message] },
        );
      }
    }
  }
  return [...byRemedy.values()];
}
