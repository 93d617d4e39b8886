import { z } from "zod";
import { ask } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id, jsonObject, time } from "../core/shapes.ts";

/** Something that was executed. */
export type RecordedExecution = Row<"execution_history">;

const status = z.enum(valuesOf("execution_history", "status"));
const subjectType = z.enum(valuesOf("execution_history", "subject_type"));
const common = {
  name: z.string().min(1).max(200),
  started_at: time,
  subject_type: subjectType.exactOptional(),
  subject_id: id.exactOptional(),
  component_id: id.exactOptional(),
  attempt: z.int().min(1).max(1000).exactOptional(),
  details: jsonObject.exactOptional(),
  correlation_id: z.string().min(1).max(128).exactOptional(),
};
const error = z.string().min(1).max(10_000);
const execution = z.discriminatedUnion("status", [
  z.strictObject({ ...common, status: status.extract(["succeeded", "cancelled"]), error: error.exactOptional() }),
  z.strictObject({ ...common, status: z.literal("failed"), error }),
]);
const list = pageInput.extend({
  status: status.exactOptional(),
  subject_type: subjectType.exactOptional(),
  subject_id: id.exactOptional(),
  component_id: id.exactOptional(),
});

/**
 * Records that something was executed and ended now. For members.
 *
 * @param tenant - where
 * @param input - what, since when, and how it ended: `failed` with an error
 * @returns the id of the execution
 */
export function recordExecution(
  { client, tenantId }: TenantClient,
  input: z.input<typeof execution>,
): Promise<Result<string>> {
  return withInput(execution, input, (values) =>
    ask(client.rpc("record_execution", { tenant_id: tenantId, ...values })));
}

/**
 * What was executed in the tenant, the latest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status, subject, component
 * @returns a page
 */
export function listExecutionHistory(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<RecordedExecution>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("execution_history").select().eq("tenant_id", tenantId);
    if (page.status !== undefined) query = query.eq("status", page.status);
    if (page.subject_type !== undefined) query = query.eq("subject_type", page.subject_type);
    if (page.subject_id !== undefined) query = query.eq("subject_id", page.subject_id);
    if (page.component_id !== undefined) query = query.eq("component_id", page.component_id);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
