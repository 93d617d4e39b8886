import { z } from "zod";
import { ask, askForRow, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id, jsonObject } from "../core/shapes.ts";

/** A component, with how it is. */
export type Component = Row<"components">;

const name = z.string().min(1).max(200);
const type = z.enum(valuesOf("components", "type"));
const version = z.string().min(1).max(100);
const health = z.enum(valuesOf("components", "health_status"));
const common = {
  description: z.string().max(10_000).nullable().exactOptional(),
  capabilities: z.array(z.string().min(1)).max(100).exactOptional(),
  // A password would lie there for everybody to read.
  endpoint: z.string().max(2000).regex(/^[a-z][a-z0-9+.-]*:\/\/\S+$/).refine(
    (address) => !/:\/\/[^/?#]*@/.test(address),
    "holds a password: setComponentCredentials keeps it",
  ).nullable().exactOptional(),
  settings: jsonObject.exactOptional(),
  is_enabled: z.boolean().exactOptional(),
  heartbeat_seconds: z.int().min(1).max(86_400).exactOptional(),
};
const registration = z.strictObject({ name, type, version: version.exactOptional(), ...common });
const update = changeOf({
  name: name.exactOptional(),
  type: type.exactOptional(),
  version: version.nullable().exactOptional(),
  ...common,
});
const heartbeat = z.strictObject({
  component_id: id,
  status: health.extract(["healthy", "degraded", "unhealthy"]).exactOptional(),
  details: jsonObject.exactOptional(),
  version: version.exactOptional(),
});
const secrets = z.strictObject({
  component_id: id,
  /** Null: it has none any more. */
  credentials: jsonObject.refine((value) => Object.keys(value).length > 0, "is empty").nullable(),
});
const list = pageInput.extend({ type: type.exactOptional(), health_status: health.exactOptional() });

/**
 * Registers a component. For managers and above.
 *
 * @param tenant - where
 * @param input - its name, which the tenant has once, its type, and what else is known
 * @returns the component; 23505 when the name is taken
 */
export function registerComponent(
  { client, tenantId }: TenantClient,
  input: z.input<typeof registration>,
): Promise<Result<Component>> {
  return withInput(registration, input, (values) =>
    ask(client.from("components").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Changes what a component is, or switches it off and on with `is_enabled`. For managers and above.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the component
 */
export function updateComponent(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Component>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("components").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "component",
    ));
}

/**
 * Says how a component is: `healthy` unless the input says otherwise. For members.
 *
 * @param tenant - where
 * @param input - which, and how it is
 */
export function recordHeartbeat(
  { client, tenantId }: TenantClient,
  input: z.input<typeof heartbeat>,
): Promise<Result<null>> {
  return withInput(heartbeat, input, (values) =>
    tell(client.rpc("record_heartbeat", { tenant_id: tenantId, ...values })));
}

/**
 * Keeps a component's credentials, encrypted, in place of those before. No user reads them again. For admins and above.
 *
 * @param tenant - where
 * @param input - which, and its credentials: an object of at most 16 KB
 */
export function setComponentCredentials(
  { client, tenantId }: TenantClient,
  input: z.input<typeof secrets>,
): Promise<Result<null>> {
  return withInput(secrets, input, (values) =>
    tell(client.rpc("set_component_credentials", { tenant_id: tenantId, ...values })));
}

/**
 * The tenant's components, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, type, health
 * @returns a page
 */
export function listComponents(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Component>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("components").select().eq("tenant_id", tenantId);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.health_status !== undefined) query = query.eq("health_status", page.health_status);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
