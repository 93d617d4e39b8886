import { z } from "zod";
import { ask, askForRow } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageByIdOf, pageInput, toPage } from "../core/page.ts";
import { failure, type Result, success } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id, jsonObject, time, words } from "../core/shapes.ts";

/** A task, whole. */
export type Task = Row<"tasks">;

/** A task as it is listed: its texts may be megabytes, and are read one by one. */
export type ListedTask = Omit<
  Task,
  "description" | "details" | "test_strategy" | "requirements" | "acceptance_criteria" | "metadata"
>;

const COLUMNS = `
  tenant_id, id, workflow_id, parent_id, title, status, priority, priority_rank, position, effort_estimate,
  effort_actual, tags, assignee_id, source, source_key, source_hash, due_at, started_at, finished_at, status_since,
  status_seconds, times_reopened, created_by, created_at, updated_at
`;

const status = z.enum(valuesOf("tasks", "status"));
const hours = z.number().min(0).max(1_000_000);
const lines = z.array(z.string()).max(500);
const optional = {
  parent_id: id.nullable().exactOptional(),
  description: z.string().max(1_048_576).nullable().exactOptional(),
  details: z.string().max(4_194_304).nullable().exactOptional(),
  test_strategy: z.string().max(1_048_576).nullable().exactOptional(),
  priority: z.enum(valuesOf("tasks", "priority")).exactOptional(),
  position: z.int().min(0).max(2_147_483_647).exactOptional(),
  effort_estimate: hours.nullable().exactOptional(),
  effort_actual: hours.nullable().exactOptional(),
  requirements: lines.exactOptional(),
  acceptance_criteria: lines.exactOptional(),
  tags: z.array(z.string()).max(100).exactOptional(),
  assignee_id: id.nullable().exactOptional(),
  metadata: jsonObject.exactOptional(),
  due_at: time.nullable().exactOptional(),
};
const task = z.strictObject({ title: words(500), status: status.exactOptional(), ...optional });
const creation = task.extend({ workflow_id: id });
const batch = z.strictObject({ workflow_id: id, tasks: z.array(task).min(1).max(1000) });
const update = changeOf({ title: words(500).exactOptional(), ...optional });
const list = pageInput.extend({
  workflow_id: id,
  /** Null: those on top. Left out: all. */
  parent_id: id.nullable().exactOptional(),
  status: status.exactOptional(),
});
const one = z.strictObject({ id });

/**
 * Makes a task; `pending` unless the input says that it is further. For members.
 *
 * @param tenant - where
 * @param input - the workflow, a title, and what else is known; efforts are hours
 * @returns the task; PT409 when the workflow is over
 */
export function createTask({ client, tenantId }: TenantClient, input: z.input<typeof creation>): Promise<Result<Task>> {
  return withInput(creation, input, (values) =>
    ask(client.from("tasks").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Makes up to 1000 tasks of a workflow, all or none. For members.
 *
 * @param tenant - where
 * @param input - the workflow and the tasks
 * @returns their ids, in their order
 */
export function createTasks(
  { client, tenantId }: TenantClient,
  input: z.input<typeof batch>,
): Promise<Result<readonly string[]>> {
  return withInput(batch, input, async ({ workflow_id, tasks }) => {
    const rows = tasks.map((values) => ({ tenant_id: tenantId, workflow_id, ...values }));
    // What one leaves out and another one names gets its default, and not null.
    const { data, error } = await ask(client.from("tasks").insert(rows, { defaultToNull: false }).select("id"));
    return error === null ? success(data.map((row) => row.id)) : failure(error);
  });
}

/**
 * Changes what a task is, and leaves its status. For members.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the task; PT409 when it would get below itself or wait for itself
 */
export function updateTask({ client, tenantId }: TenantClient, input: z.input<typeof update>): Promise<Result<Task>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("tasks").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "task",
    ));
}

/**
 * A task with its texts. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 * @returns the task
 */
export function readTask({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<Task>> {
  return withInput(one, input, (asked) =>
    askForRow(client.from("tasks").select().eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(), "task"));
}

/**
 * Removes a task with its subtasks and dependencies. For managers and above.
 *
 * @param tenant - where
 * @param input - which
 */
export function removeTask({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<null>> {
  return withInput(one, input, async (asked) => {
    const { error } = await askForRow(
      client.from("tasks").delete().eq("tenant_id", tenantId).eq("id", asked.id).select("id").maybeSingle(),
      "task",
    );
    return error === null ? success(null) : failure(error);
  });
}

/**
 * The tasks of a workflow, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - workflow, page, parent, status
 * @returns a page
 */
export function listTasks(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list>,
): Promise<Result<Page<ListedTask>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("tasks").select(COLUMNS).eq("tenant_id", tenantId).eq("workflow_id", page.workflow_id);
    if (page.parent_id === null) query = query.is("parent_id", null);
    else if (page.parent_id !== undefined) query = query.eq("parent_id", page.parent_id);
    if (page.status !== undefined) query = query.eq("status", page.status);
    return toPage(await ask(pageByIdOf(query, page)), page.page_size);
  });
}
