import type { HealthResult } from "../../client/monitor/health-result.ts";

/**
 * What a database in some state answers.
 *
 * @param status - the state
 * @returns a whole answer with one check
 */
export function healthAnswer(status: HealthResult["status"]): HealthResult {
  return {
    status,
    checked_at: "2026-11-21T12:00:00+00:00",
    duration_ms: 12.5,
    server_version: "17.10",
    checks: [{
      name: "connections",
      title: "Connections",
      category: "sessions",
      is_required: true,
      status,
      reason: status === "unknown" ? "Nobody knows." : null,
      duration_ms: 1,
      findings: status === "ok" || status === "unknown" ? [] : [{
        key: "server",
        status,
        message: "80 % of the connections are taken.",
        facts: { used: 80 },
        remedy: "select pg_terminate_backend(1);",
      }],
    }],
  };
}
