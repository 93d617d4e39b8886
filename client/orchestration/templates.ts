import { z } from "zod";
import { ask, askForRow } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id, jsonObject } from "../core/shapes.ts";

/** A version of a template, with how often it was used and how that went. */
export type Template = Row<"templates">;

/** A template as it is listed: contents may be long, and are read one by one. */
export type ListedTemplate = Omit<Template, "content">;

const COLUMNS = `
  tenant_id, id, name, version, type, description, tags, is_active, usage_count, success_count, success_rate,
  last_used_at, created_by, created_at, updated_at
`;

const name = z.string().min(1).max(200);
const version = z.int().min(1).max(2_147_483_647);
const type = z.enum(valuesOf("templates", "type"));
const optional = {
  description: z.string().max(10_000).nullable().exactOptional(),
  content: jsonObject.exactOptional(),
  tags: z.array(z.string().min(1)).max(20).exactOptional(),
  is_active: z.boolean().exactOptional(),
};
const creation = z.strictObject({ name, version: version.exactOptional(), type, ...optional });
const update = changeOf({
  name: name.exactOptional(),
  version: version.exactOptional(),
  type: type.exactOptional(),
  ...optional,
});
const list = pageInput.extend({
  name: name.exactOptional(),
  type: type.exactOptional(),
  is_active: z.boolean().exactOptional(),
});
const one = z.strictObject({ id });
const use = z.strictObject({ template_id: id, is_success: z.boolean() });

/**
 * Saves a template: the first version of its name, or another one with a version of its own. For managers and above.
 *
 * @param tenant - where
 * @param input - name, type, version (1), content, and what else is known
 * @returns the template; 23505 when the name has this version
 */
export function saveTemplate(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<Template>> {
  return withInput(creation, input, (values) =>
    ask(client.from("templates").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Changes a version of a template, or takes it out of use with `is_active`. For managers and above.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the template
 */
export function updateTemplate(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Template>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("templates").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "template",
    ));
}

/**
 * A template with its content. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 * @returns the template
 */
export function readTemplate(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<Template>> {
  return withInput(one, input, (asked) =>
    askForRow(
      client.from("templates").select().eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(),
      "template",
    ));
}

/**
 * The tenant's templates, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, name, type, whether in use
 * @returns a page
 */
export function listTemplates(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<ListedTemplate>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("templates").select(COLUMNS).eq("tenant_id", tenantId);
    if (page.name !== undefined) query = query.eq("name", page.name);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.is_active !== undefined) query = query.eq("is_active", page.is_active);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * Counts that something made from a template has ended, well or not. For members.
 *
 * @param tenant - where
 * @param input - which, and how it went
 * @returns the share of its uses that went well, 0 to 1
 */
export function recordTemplateUse(
  { client, tenantId }: TenantClient,
  input: z.input<typeof use>,
): Promise<Result<number>> {
  return withInput(use, input, (values) =>
    ask(client.rpc("record_template_use", { tenant_id: tenantId, ...values })));
}
