import { z } from "zod";
import { ask, askForRow, askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** A call from one component to another. */
export type Communication = Row<"component_communications">;

/** A call as it is listed: request and response are read one by one. */
export type ListedCommunication = Omit<Communication, "request" | "response">;

const COLUMNS = `
  tenant_id, id, from_component_id, to_component_id, operation, status, attempt, max_attempts, timeout_ms, started_at,
  expires_at, retry_at, finished_at, correlation_id, trace_id, error, created_at
`;

const status = z.enum(valuesOf("component_communications", "status"));
const reference = z.string().min(1).max(128);
const start = z.strictObject({
  from_component_id: id,
  to_component_id: id,
  operation: z.string().min(1).max(200),
  request: z.json().exactOptional(),
  timeout_ms: z.int().min(1).max(86_400_000).exactOptional(),
  max_attempts: z.int().min(1).max(100).exactOptional(),
  correlation_id: reference.exactOptional(),
  trace_id: reference.exactOptional(),
});
const end = z.strictObject({
  communication_id: id,
  attempt: z.int().min(1).max(100),
  response: z.json().exactOptional(),
  error: z.string().min(1).max(10_000).exactOptional(),
}).refine(({ response, error }) => response === undefined || error === undefined, {
  path: ["error"],
  message: "comes without a response",
});
const retry = z.strictObject({ communication_id: id });
const list = pageInput.extend({
  status: status.exactOptional(),
  from_component_id: id.exactOptional(),
  to_component_id: id.exactOptional(),
  correlation_id: reference.exactOptional(),
});
const one = z.strictObject({ id });

/**
 * Records that one component calls another, at its first attempt. For members.
 *
 * @param tenant - where
 * @param input - who calls whom, for what, and how long an attempt may take
 * @returns the id of the communication
 */
export function startCommunication(
  { client, tenantId }: TenantClient,
  input: z.input<typeof start>,
): Promise<Result<string>> {
  return withInput(start, input, (values) =>
    ask(client.rpc("start_communication", { tenant_id: tenantId, ...values })));
}

/**
 * Ends an attempt, with the response or with an error. For members.
 *
 * @param tenant - where
 * @param input - which attempt of which communication, and what came of it
 * @returns `succeeded`, `waiting` for the next attempt, or `failed`; PT409 when the attempt is not the one at work
 */
export function finishCommunication(
  { client, tenantId }: TenantClient,
  input: z.input<typeof end>,
): Promise<Result<z.output<typeof status>>> {
  return withInput(end, input, (values) =>
    askShaped(client.rpc("finish_communication", { tenant_id: tenantId, ...values }), status));
}

/**
 * Begins the next attempt; of two that try, one does. For members.
 *
 * @param tenant - where
 * @param input - which
 * @returns the number of the attempt; PT409 unless one is due
 */
export function retryCommunication(
  { client, tenantId }: TenantClient,
  input: z.input<typeof retry>,
): Promise<Result<number>> {
  return withInput(retry, input, (values) =>
    ask(client.rpc("retry_communication", { tenant_id: tenantId, ...values })));
}

/**
 * A communication with its request and response. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 * @returns the communication
 */
export function readCommunication(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<Communication>> {
  return withInput(one, input, (asked) =>
    askForRow(
      client.from("component_communications").select().eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(),
      "communication",
    ));
}

/**
 * The tenant's communications, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status, either side, correlation id
 * @returns a page
 */
export function listCommunications(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<ListedCommunication>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("component_communications").select(COLUMNS).eq("tenant_id", tenantId);
    if (page.status !== undefined) query = query.eq("status", page.status);
    if (page.from_component_id !== undefined) query = query.eq("from_component_id", page.from_component_id);
    if (page.to_component_id !== undefined) query = query.eq("to_component_id", page.to_component_id);
    if (page.correlation_id !== undefined) query = query.eq("correlation_id", page.correlation_id);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
