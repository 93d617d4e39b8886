import { z } from "zod";
import { ask, askForRow, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** A run of a schedule, with its results. */
export type Execution = Row<"scheduled_test_executions">;

/** A run as it is listed: results may be a megabyte each, and are read one by one. */
export type ListedExecution = Omit<Execution, "results" | "settings">;

const COLUMNS = `
  tenant_id, id, schedule_id, flow_id, flow_version, due_at, status, error, job_id, requested_by, started_at, finished_at,
  created_at, updated_at
`;

const list = pageInput.extend({
  status: z.enum(valuesOf("scheduled_test_executions", "status")).exactOptional(),
  schedule_id: id.exactOptional(),
  flow_id: id.exactOptional(),
});
const one = z.strictObject({ id });

/**
 * The tenant's executions, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status, schedule, flow
 * @returns a page
 */
export function listExecutions(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<ListedExecution>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("scheduled_test_executions").select(COLUMNS).eq("tenant_id", tenantId);
    if (page.status !== undefined) query = query.eq("status", page.status);
    if (page.schedule_id !== undefined) query = query.eq("schedule_id", page.schedule_id);
    if (page.flow_id !== undefined) query = query.eq("flow_id", page.flow_id);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * An execution with its results. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 * @returns the execution
 */
export function readExecution({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<Execution>> {
  return withInput(one, input, (asked) =>
    askForRow(
      client.from("scheduled_test_executions").select().eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(),
      "execution",
    ));
}

/**
 * Cancels an execution that is queued or running. For members.
 *
 * @param tenant - where
 * @param input - which
 */
export function cancelExecution({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<null>> {
  return withInput(one, input, (asked) =>
    tell(client.rpc("cancel_test_execution", { tenant_id: tenantId, ...asked })));
}
