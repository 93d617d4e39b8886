import { z } from "zod";
import { ask } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** How a component was, or the enabled components of the tenant together. */
export type SystemHealth = Row<"system_health">;

const list = pageInput.extend({
  /** Null, the default: the tenant's components together. */
  component_id: id.nullable().default(null),
  status: z.enum(valuesOf("system_health", "status")).exactOptional(),
});

/**
 * How the tenant's components were together, a row every quarter of an hour, or one of them, a row whenever its status
 * changed; the latest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, component, status
 * @returns a page
 */
export function listSystemHealth(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<SystemHealth>>> {
  return withInput(list, input, async (page) => {
    const all = client.from("system_health").select().eq("tenant_id", tenantId);
    const those = page.component_id === null ? all.is("component_id", null) : all.eq("component_id", page.component_id);
    const query = page.status === undefined ? those : those.eq("status", page.status);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
