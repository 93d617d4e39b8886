import { z } from "zod";
import { ask } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import type { Result } from "../core/result.ts";
import type { ViewRow } from "../core/rowhouse-database.ts";
import { time } from "../core/shapes.ts";

// The views are as old as their last refresh, and a range of them is small: no pages.
const MOST_ROWS = 1000;
const range = z.strictObject({
  since: time,
  until: time.exactOptional(),
});

/** Which time: from `since` on, before `until`. */
export type TimeRange = z.input<typeof range>;

/**
 * Generations by hour and model, the latest first; at most 1000 rows. For viewers and above.
 *
 * @param tenant - where
 * @param input - which time
 */
export function readAiGenerationPerformance(
  { client, tenantId }: TenantClient,
  input: TimeRange,
): Promise<Result<readonly ViewRow<"ai_generation_performance">[]>> {
  return withInput(range, input, ({ since, until }) => {
    const query = client.from("ai_generation_performance").select().eq("tenant_id", tenantId).gte("hour", since);
    return ask(
      (until === undefined ? query : query.lt("hour", until)).order("hour", { ascending: false }).limit(MOST_ROWS),
    );
  });
}

/**
 * Browser sessions by day and browser, the latest first; at most 1000 rows. For viewers and above.
 *
 * @param tenant - where
 * @param input - which time; days are those of UTC
 */
export function readBrowserSessionStats(
  { client, tenantId }: TenantClient,
  input: TimeRange,
): Promise<Result<readonly ViewRow<"browser_session_stats">[]>> {
  return withInput(range, input, ({ since, until }) => {
    const query = client.from("browser_session_stats").select().eq("tenant_id", tenantId).gte("day", dayOf(since));
    return ask(
      (until === undefined ? query : query.lt("day", dayOf(until))).order("day", { ascending: false }).limit(MOST_ROWS),
    );
  });
}

/**
 * Jobs that ended, by hour, queue and type, the latest first; at most 1000 rows. For viewers and above.
 *
 * @param tenant - where
 * @param input - which time
 */
export function readJobQueuePerformance(
  { client, tenantId }: TenantClient,
  input: TimeRange,
): Promise<Result<readonly ViewRow<"job_queue_performance">[]>> {
  return withInput(range, input, ({ since, until }) => {
    const query = client.from("job_queue_performance").select().eq("tenant_id", tenantId).gte("hour", since);
    return ask(
      (until === undefined ? query : query.lt("hour", until)).order("hour", { ascending: false }).limit(MOST_ROWS),
    );
  });
}

/**
 * Executions by day and flow, the latest first; at most 1000 rows. For viewers and above.
 *
 * @param tenant - where
 * @param input - which time; days are those of UTC
 */
export function readTestExecutionTrends(
  { client, tenantId }: TenantClient,
  input: TimeRange,
): Promise<Result<readonly ViewRow<"test_execution_trends">[]>> {
  return withInput(range, input, ({ since, until }) => {
    const query = client.from("test_execution_trends").select().eq("tenant_id", tenantId).gte("day", dayOf(since));
    return ask(
      (until === undefined ? query : query.lt("day", dayOf(until))).order("day", { ascending: false }).limit(MOST_ROWS),
    );
  });
}

function dayOf(moment: string): string {
  return new Date(moment).toISOString().slice(0, 10);
}
