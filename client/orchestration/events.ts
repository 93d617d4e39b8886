import { z } from "zod";
import { ask } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id, jsonObject, time } from "../core/shapes.ts";

/** What happened. */
export type LoggedEvent = Row<"events">;

const type = z.string().min(1).max(100);
const severity = z.enum(valuesOf("events", "severity"));
const reference = z.string().min(1).max(128);
const event = z.strictObject({
  type,
  severity: severity.exactOptional(),
  message: z.string().max(10_000).exactOptional(),
  payload: jsonObject.exactOptional(),
  component_id: id.exactOptional(),
  correlation_id: reference.exactOptional(),
  trace_id: reference.exactOptional(),
  /** With the secret key alone: an event of a user happens now. */
  created_at: time.exactOptional(),
});
const list = pageInput.extend({
  /** Any of these. */
  severities: z.array(severity).min(1).exactOptional(),
  type: type.exactOptional(),
  component_id: id.exactOptional(),
  correlation_id: reference.exactOptional(),
  trace_id: reference.exactOptional(),
  since: time.exactOptional(),
});

/**
 * Says what happened: `info` unless the input says otherwise. For members.
 *
 * @param tenant - where
 * @param input - the type of event, and what is known of it
 * @returns the id of the event; 22023 for a payload beyond 256 KB
 */
export function logEvent({ client, tenantId }: TenantClient, input: z.input<typeof event>): Promise<Result<string>> {
  return withInput(event, input, (values) => ask(client.rpc("log_event", { tenant_id: tenantId, ...values })));
}

/**
 * The tenant's events, newest first: all, or those of a piece of work (correlation id), of a request (trace id), of a
 * component, of some severities. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, and which
 * @returns a page
 */
export function listEvents(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<LoggedEvent>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("events").select().eq("tenant_id", tenantId);
    if (page.severities !== undefined) query = query.in("severity", page.severities);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.component_id !== undefined) query = query.eq("component_id", page.component_id);
    if (page.correlation_id !== undefined) query = query.eq("correlation_id", page.correlation_id);
    if (page.trace_id !== undefined) query = query.eq("trace_id", page.trace_id);
    if (page.since !== undefined) query = query.gte("created_at", page.since);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
