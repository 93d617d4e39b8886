import { z } from "zod";
import { ask } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import type { Result } from "../core/result.ts";
import type { Row, RowhouseDatabase } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** How a workflow fared, on a day. */
export type WorkflowAnalytics = Row<"workflow_analytics">;

/** How a task fares, and whom it holds up. */
export type TaskAnalytics = Row<"task_analytics">;

/** How a workflow fares, as it was just calculated. */
export type CalculatedAnalytics = RowhouseDatabase["public"]["Functions"]["calculate_workflow_analytics"]["Returns"];

const workflow = z.strictObject({ workflow_id: id });
const some = workflow.extend({ rows: z.int().min(1).max(1000).default(100) });

/**
 * Calculates how a workflow fares: throughput, lead and cycle time, efficiency, and the task that holds up the most. It
 * is kept, a row a day. For members.
 *
 * @param tenant - where
 * @param input - which workflow
 * @returns the row of today
 */
export function calculateWorkflowAnalytics(
  { client, tenantId }: TenantClient,
  input: z.input<typeof workflow>,
): Promise<Result<CalculatedAnalytics>> {
  return withInput(workflow, input, (values) =>
    ask(client.rpc("calculate_workflow_analytics", { tenant_id: tenantId, ...values })));
}

/**
 * How a workflow fared, a row a day on which it was calculated, the latest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - which workflow, and how many rows at most
 */
export function listWorkflowAnalytics(
  { client, tenantId }: TenantClient,
  input: z.input<typeof some>,
): Promise<Result<readonly WorkflowAnalytics[]>> {
  return withInput(some, input, ({ workflow_id, rows }) =>
    ask(
      client.from("workflow_analytics").select().eq("tenant_id", tenantId).eq("workflow_id", workflow_id)
        .order("day", { ascending: false }).limit(rows),
    ));
}

/**
 * How the tasks of a workflow fare, as of its last calculation, those that hold up the most first. For viewers and above.
 *
 * @param tenant - where
 * @param input - which workflow, and how many rows at most
 */
export function listTaskAnalytics(
  { client, tenantId }: TenantClient,
  input: z.input<typeof some>,
): Promise<Result<readonly TaskAnalytics[]>> {
  return withInput(some, input, ({ workflow_id, rows }) =>
    ask(
      client.from("task_analytics").select().eq("tenant_id", tenantId).eq("workflow_id", workflow_id)
        .order("held_up_seconds", { ascending: false }).order("task_id").limit(rows),
    ));
}
