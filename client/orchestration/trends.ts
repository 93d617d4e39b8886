import { z } from "zod";
import { askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import type { Result } from "../core/result.ts";

const asked = z.strictObject({
  name: z.string().min(1).max(200),
  /** Exactly those of the series. */
  tags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).exactOptional(),
  days: z.int().min(1).max(90).exactOptional(),
});
const trend = z.object({
  measurements: z.number(),
  blocks: z.number(),
  level: z.number().nullable(),
  slope_per_day: z.number().nullable(),
  direction: z.enum(["rising", "falling", "flat", "unknown"]),
  confidence: z.number().nullable(),
});
const some = z.strictObject({ page_size: z.int().min(1).max(1000).exactOptional() });
const recommendation = z.object({
  kind: z.string(),
  severity: z.enum(["info", "warning", "critical"]),
  subject_type: z.string(),
  subject_id: z.uuid(),
  subject_name: z.string().nullable(),
  reason: z.string(),
  recommendation: z.string(),
  since: z.string().nullable(),
});

/** Where a series is going. */
export type MetricTrend = z.output<typeof trend>;

/** What to look at, and why. */
export type Recommendation = z.output<typeof recommendation>;

/**
 * Where a series of measurements is going, from its last days. For viewers and above.
 *
 * @param tenant - where
 * @param input - the name, the tags of the series, 1 to 90 days (28)
 * @returns its level, by how much it moves a day, and how sure that is
 */
export function getMetricTrend(
  { client, tenantId }: TenantClient,
  input: z.input<typeof asked>,
): Promise<Result<MetricTrend>> {
  return withInput(asked, input, (values) =>
    askShaped(client.rpc("get_metric_trend", { tenant_id: tenantId, ...values }).single(), trend));
}

/**
 * What to look at first in a tenant: alerts, components that are not well, what holds up others. For viewers and above.
 *
 * @param tenant - where
 * @param input - how many at most (50)
 * @returns the gravest first
 */
export function getRecommendations(
  { client, tenantId }: TenantClient,
  input: z.input<typeof some> = {},
): Promise<Result<readonly Recommendation[]>> {
  return withInput(some, input, (values) =>
    askShaped(client.rpc("get_recommendations", { tenant_id: tenantId, ...values }), z.array(recommendation)));
}
