import { z } from "zod";
import { ask, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id, time } from "../core/shapes.ts";

/** A measurement. */
export type Metric = Row<"performance_metrics">;

/** What is usual for a series of measurements, and where it is going. */
export type MetricBaseline = Row<"metric_baselines">;

const name = z.string().min(1).max(200);
const tag = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const metric = z.strictObject({
  name,
  // Finite: JSON has no other numbers, and would make null of them on the way.
  value: z.number(),
  type: z.enum(valuesOf("performance_metrics", "type")).exactOptional(),
  unit: z.string().min(1).max(50).exactOptional(),
  tags: z.record(z.string(), tag).exactOptional(),
  component_id: id.exactOptional(),
  created_at: time.exactOptional(),
});
const batch = z.array(metric).max(10_000);
const list = pageInput.extend({
  name: name.exactOptional(),
  component_id: id.exactOptional(),
  /** The tag environment. */
  environment: z.string().exactOptional(),
  /** The tag host. */
  host: z.string().exactOptional(),
  since: time.exactOptional(),
});
const baselines = pageInput.extend({
  name: name.exactOptional(),
  trend: z.enum(valuesOf("metric_baselines", "trend")).exactOptional(),
});

/** A measurement to record: a `gauge` of now unless it says otherwise. */
export type NewMetric = z.input<typeof metric>;

/**
 * Records one measurement. For members.
 *
 * @param tenant - where
 * @param input - the measurement
 */
export function recordMetric({ client, tenantId }: TenantClient, input: NewMetric): Promise<Result<null>> {
  return withInput(metric, input, (values) => tell(client.rpc("record_metric", { tenant_id: tenantId, ...values })));
}

/**
 * Records up to 10,000 measurements, all or none. For members.
 *
 * @param tenant - where
 * @param input - the measurements
 * @returns how many there are
 */
export function recordMetrics(
  { client, tenantId }: TenantClient,
  input: readonly NewMetric[],
): Promise<Result<number>> {
  return withInput(batch, input, (metrics) => ask(client.rpc("record_metrics", { tenant_id: tenantId, metrics })));
}

/**
 * The tenant's measurements, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, and which
 * @returns a page
 */
export function listMetrics(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Metric>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("performance_metrics").select().eq("tenant_id", tenantId);
    if (page.name !== undefined) query = query.eq("name", page.name);
    if (page.component_id !== undefined) query = query.eq("component_id", page.component_id);
    if (page.environment !== undefined) query = query.eq("environment", page.environment);
    if (page.host !== undefined) query = query.eq("host", page.host);
    if (page.since !== undefined) query = query.gte("created_at", page.since);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * What is usual for the tenant's series, and their trends; a series is a name with its tags. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, name, trend
 * @returns a page
 */
export function listMetricBaselines(
  { client, tenantId }: TenantClient,
  input: z.input<typeof baselines> = {},
): Promise<Result<Page<MetricBaseline>>> {
  return withInput(baselines, input, async (page) => {
    let query = client.from("metric_baselines").select().eq("tenant_id", tenantId);
    if (page.name !== undefined) query = query.eq("name", page.name);
    if (page.trend !== undefined) query = query.eq("trend", page.trend);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
