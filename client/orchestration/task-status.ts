import { z } from "zod";
import { askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { failure, type Result, success } from "../core/result.ts";
import { valuesOf } from "../core/rowhouse-database.ts";
import { id, jsonObject } from "../core/shapes.ts";

const status = z.enum(valuesOf("tasks", "status"));
const move = z.strictObject({ task_id: id, status });
const next = z.strictObject({ workflow_id: id, page_size: z.int().min(1).max(1000).exactOptional() });
const moves = z.tuple([
  z.object({ previous_status: status, new_status: status, workflow_id: id, workflow_progress: z.int() }),
]);
const ready = z.array(z.object({
  id,
  workflow_id: id,
  parent_id: id.nullable(),
  title: z.string(),
  description: z.string().nullable(),
  details: z.string().nullable(),
  test_strategy: z.string().nullable(),
  priority: z.enum(valuesOf("tasks", "priority")),
  position: z.int(),
  effort_estimate: z.number().nullable(),
  requirements: z.array(z.string()),
  acceptance_criteria: z.array(z.string()),
  tags: z.array(z.string()),
  assignee_id: id.nullable(),
  metadata: jsonObject,
  due_at: z.string().nullable(),
  created_at: z.string(),
}));

/** A change of a task's status, and how far its workflow is now, in percent. */
export type MovedTask = z.output<typeof moves>[0];

/** A task that can be begun. */
export type ReadyTask = z.output<typeof ready>[number];

/**
 * Moves a task to another status. For members.
 *
 * @param tenant - where
 * @param input - which, and where to
 * @returns the status before and now, and the workflow's progress; PT409 when the one does not lead to the other
 */
export function updateTaskStatus(
  { client, tenantId }: TenantClient,
  input: z.input<typeof move>,
): Promise<Result<MovedTask>> {
  return withInput(move, input, async (values) => {
    const { data, error } = await askShaped(
      client.rpc("update_task_status", { tenant_id: tenantId, ...values }),
      moves,
    );
    return error === null ? success(data[0]) : failure(error);
  });
}

/**
 * The tasks of a workflow that can be begun now, most urgent first. For viewers and above.
 *
 * @param tenant - where
 * @param input - the workflow, and how many tasks at most (10)
 * @returns the tasks; none while the workflow is paused or over
 */
export function nextTasks(
  { client, tenantId }: TenantClient,
  input: z.input<typeof next>,
): Promise<Result<readonly ReadyTask[]>> {
  return withInput(next, input, (values) =>
    askShaped(client.rpc("next_tasks", { tenant_id: tenantId, ...values }), ready));
}
