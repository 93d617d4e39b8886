import { z } from "zod";
import { ask, askForRow, askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import type { Row } from "../core/rowhouse-database.ts";
import { rank, searchArguments, searchInput } from "../core/search.ts";
import { changeOf, id, jsonObject, words } from "../core/shapes.ts";

/** A flow, without the words that searches use. */
export type Flow = Omit<Row<"visual_test_flows">, "tsv">;

const COLUMNS = `
  tenant_id, id, project_id, name, description, tags, base_url, settings, is_archived, created_by, created_at, updated_at
`;

const tags = z.array(z.string().min(1)).max(20);
const optional = {
  project_id: id.nullable().exactOptional(),
  description: z.string().max(10_000).nullable().exactOptional(),
  tags: tags.exactOptional(),
  base_url: z.url({ protocol: /^https?$/ }).max(2000).nullable().exactOptional(),
  settings: jsonObject.exactOptional(),
};
const creation = z.strictObject({ name: words(200), ...optional });
const update = changeOf({
  name: words(200).exactOptional(),
  is_archived: z.boolean().exactOptional(),
  ...optional,
});
const list = pageInput.extend({ is_archived: z.boolean().default(false) });
const search = searchInput.omit({ filter: true }).extend({
  /** All of these. */
  tagged: tags.min(1).exactOptional(),
});
const found = z.object({
  id,
  created_at: z.string(),
  created_by: id.nullable(),
  project_id: id.nullable(),
  name: z.string(),
  description: z.string().nullable(),
  tags: z.array(z.string()),
  is_archived: z.boolean(),
  rank,
});
const one = z.strictObject({ flow_id: id });

/** A flow as a search finds it. */
export type FoundFlow = z.output<typeof found>;

/**
 * Makes a flow without steps. For members.
 *
 * @param tenant - where
 * @param input - its name, and what else is known
 * @returns the flow
 */
export function createFlow({ client, tenantId }: TenantClient, input: z.input<typeof creation>): Promise<Result<Flow>> {
  return withInput(creation, input, (values) =>
    ask(client.from("visual_test_flows").insert({ tenant_id: tenantId, ...values }).select(COLUMNS).single()));
}

/**
 * Changes a flow; archives it with `is_archived`, which is how a flow that has run is removed. For members.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the flow
 */
export function updateFlow({ client, tenantId }: TenantClient, input: z.input<typeof update>): Promise<Result<Flow>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("visual_test_flows").update(values).eq("tenant_id", tenantId).eq("id", key).select(COLUMNS)
        .maybeSingle(),
      "flow",
    ));
}

/**
 * The tenant's flows, newest first, those in use or the archived ones. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, and which
 * @returns a page
 */
export function listFlows(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Flow>>> {
  return withInput(list, input, async (page) => {
    const query = client.from("visual_test_flows").select(COLUMNS).eq("tenant_id", tenantId)
      .eq("is_archived", page.is_archived);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * Freezes a flow with its steps for a run. For members.
 *
 * @param tenant - where
 * @param input - which flow
 * @returns its version: the latest one, or the next one when the flow has changed since
 */
export function freezeFlow({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<number>> {
  return withInput(one, input, (values) =>
    ask(client.rpc("freeze_visual_test_flow", { tenant_id: tenantId, ...values })));
}

/**
 * The tenant's flows whose name or description holds the words, and which carry all the tags.
 *
 * @param tenant - where
 * @param input - what to look for
 * @returns a page, newest first
 */
export function searchFlows(
  { client, tenantId }: TenantClient,
  input: z.input<typeof search>,
): Promise<Result<Page<FoundFlow>>> {
  return withInput(search, input, async (asked) =>
    toPage(
      await askShaped(
        client.rpc("search_visual_test_flows", { tenant_id: tenantId, ...searchArguments(asked) }),
        z.array(found),
      ),
      asked.page_size,
    ));
}
