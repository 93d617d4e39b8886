import { z } from "zod";
import { ask } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Result, success } from "../core/result.ts";
import { type ViewRow, valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** How a workflow goes, as of the last refresh. */
export type WorkflowPerformance = ViewRow<"workflow_performance_summary">;

/** What a component did in the seven days before the last refresh. */
export type ComponentPerformance = ViewRow<"component_performance_summary">;

/** A tenant's work in one row, as of the last refresh. */
export type SystemOverview = ViewRow<"system_overview">;

// The views are as old as their last refresh, and a tenant's components are few: no pages.
const MOST_COMPONENTS = 1000;
const list = z.strictObject({
  status: z.enum(valuesOf("workflows", "status")).exactOptional(),
  page_size: z.int().min(1).max(200).default(50),
  /** `next` of the page before. */
  after: id.nullable().default(null),
});

/** Workflows, newest first; `next` is null on the last page. */
export interface WorkflowPerformancePage {
  readonly rows: readonly WorkflowPerformance[];
  readonly next: string | null;
}

/**
 * How the tenant's workflows go, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status
 * @returns a page
 */
export function listWorkflowPerformance(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<WorkflowPerformancePage>> {
  return withInput(list, input, async ({ status, page_size, after }) => {
    let query = client.from("workflow_performance_summary").select().eq("tenant_id", tenantId);
    if (status !== undefined) query = query.eq("status", status);
    if (after !== null) query = query.lt("workflow_id", after);
    const answer = await ask(query.order("workflow_id", { ascending: false }).limit(page_size));
    if (answer.error !== null) return answer;
    const last = answer.data.length < page_size ? undefined : answer.data.at(-1);
    return success({ rows: answer.data, next: last?.workflow_id ?? null });
  });
}

/**
 * What the tenant's components did in seven days, by name; at most 1000. For viewers and above.
 *
 * @param tenant - where
 */
export function listComponentPerformance(
  { client, tenantId }: TenantClient,
): Promise<Result<readonly ComponentPerformance[]>> {
  return ask(
    client.from("component_performance_summary").select().eq("tenant_id", tenantId).order("name").limit(MOST_COMPONENTS),
  );
}

/**
 * The tenant's work in one row. For viewers and above.
 *
 * @param tenant - where
 * @returns the row; null when the tenant is younger than the last refresh, or out of reach
 */
export async function getSystemOverview({ client, tenantId }: TenantClient): Promise<Result<SystemOverview | null>> {
  const answer = await ask(client.from("system_overview").select().eq("tenant_id", tenantId));
  return answer.error === null ? success(answer.data[0] ?? null) : answer;
}
