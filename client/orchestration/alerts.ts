import { z } from "zod";
import { ask, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** What is not usual in a tenant's measurements. */
export type TenantAlert = Row<"tenant_alerts">;

const list = pageInput.extend({
  status: z.enum(valuesOf("tenant_alerts", "status")).exactOptional(),
  kind: z.enum(valuesOf("tenant_alerts", "kind")).exactOptional(),
  severity: z.enum(valuesOf("tenant_alerts", "severity")).exactOptional(),
});
const one = z.strictObject({ alert_id: id });

/**
 * The tenant's alerts, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status, kind, severity
 * @returns a page
 */
export function listTenantAlerts(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<TenantAlert>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("tenant_alerts").select().eq("tenant_id", tenantId);
    if (page.status !== undefined) query = query.eq("status", page.status);
    if (page.kind !== undefined) query = query.eq("kind", page.kind);
    if (page.severity !== undefined) query = query.eq("severity", page.severity);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * Says that somebody knows of an open alert. For members.
 *
 * @param tenant - where
 * @param input - which; PT409 when it is acknowledged or resolved
 */
export function acknowledgeAlert(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<null>> {
  return withInput(one, input, (values) => tell(client.rpc("acknowledge_alert", { tenant_id: tenantId, ...values })));
}

/**
 * Ends an alert; what had begun by now is not raised again. For members.
 *
 * @param tenant - where
 * @param input - which; PT409 when it is resolved
 */
export function resolveAlert({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<null>> {
  return withInput(one, input, (values) => tell(client.rpc("resolve_alert", { tenant_id: tenantId, ...values })));
}
