import { z } from "zod";
import { ask, askForRow } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id, jsonObject } from "../core/shapes.ts";

/** What was learned from work. */
export type Learning = Row<"learning_data">;

const type = z.enum(valuesOf("learning_data", "type"));
const share = z.number().min(0).max(1);
const subject = z.string().min(1).max(500);
const optional = {
  template_id: id.nullable().exactOptional(),
  content: jsonObject.exactOptional(),
  /** How much it has helped, 0 to 1; null while nobody knows. */
  effectiveness: share.nullable().exactOptional(),
};
const creation = z.strictObject({
  type,
  subject,
  /** How sure one is, 0 to 1. */
  confidence: share,
  ...optional,
});
const update = changeOf({
  type: type.exactOptional(),
  subject: subject.exactOptional(),
  confidence: share.exactOptional(),
  ...optional,
});
const list = pageInput.extend({
  type: type.exactOptional(),
  template_id: id.exactOptional(),
  /** As sure as this at least. */
  confidence: share.exactOptional(),
});

/**
 * Records what was learned, and how sure one is of it. For members.
 *
 * @param tenant - where
 * @param input - what about, of which type, with which confidence
 * @returns the row
 */
export function recordLearning(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<Learning>> {
  return withInput(creation, input, (values) =>
    ask(client.from("learning_data").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Changes what was learned, such as its confidence once it was tried. For members.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the row
 */
export function updateLearning(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Learning>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("learning_data").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "learning",
    ));
}

/**
 * What the tenant has learned, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, type, template, least confidence
 * @returns a page
 */
export function listLearning(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Learning>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("learning_data").select().eq("tenant_id", tenantId);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.template_id !== undefined) query = query.eq("template_id", page.template_id);
    if (page.confidence !== undefined) query = query.gte("confidence", page.confidence);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
