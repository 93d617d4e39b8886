import { z } from "zod";
import { ask, askForRow, askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { rank, searchArguments, searchInput } from "../core/search.ts";
import { changeOf, id, jsonObject, time, words } from "../core/shapes.ts";

/** A generation, without the words that searches use. */
export type AiGeneration = Omit<Row<"ai_generations">, "tsv">;

const COLUMNS = `
  tenant_id, id, created_by, project_id, kind, prompt, model, status, started_at, finished_at, duration_ms, result,
  prompt_tokens, completion_tokens, cost, error, created_at, updated_at
`;

const kind = z.string().regex(/^[a-z][a-z0-9_]{0,49}$/);
const status = z.enum(valuesOf("ai_generations", "status"));
const tokens = z.int().min(0);
const outcome = {
  status: status.exactOptional(),
  started_at: time.exactOptional(),
  finished_at: time.exactOptional(),
  result: jsonObject.exactOptional(),
  prompt_tokens: tokens.exactOptional(),
  completion_tokens: tokens.exactOptional(),
  cost: z.number().min(0).max(1_000_000_000).exactOptional(),
  error: z.string().min(1).max(10_000).exactOptional(),
};
const creation = z.strictObject({
  project_id: id.exactOptional(),
  kind: kind.exactOptional(),
  prompt: z.string().min(1).max(100_000),
  model: words(200),
  ...outcome,
});
const update = changeOf({ project_id: id.nullable().exactOptional(), ...outcome });
const list = pageInput.extend({ status: status.exactOptional() });
const found = z.object({
  id,
  created_at: z.string(),
  created_by: id.nullable(),
  project_id: id.nullable(),
  kind: z.string(),
  model: z.string(),
  status,
  prompt_start: z.string(),
  error: z.string().nullable(),
  rank,
});

/** A generation as a search finds it: the first 300 characters of its prompt. */
export type FoundAiGeneration = z.output<typeof found>;

/**
 * Records what a model is asked to make; `queued` unless the input says that it is further. For members.
 *
 * @param tenant - where
 * @param input - prompt, model, and whatever is known
 * @returns the generation
 */
export function createAiGeneration(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<AiGeneration>> {
  return withInput(creation, input, (values) =>
    ask(client.from("ai_generations").insert({ tenant_id: tenantId, ...values }).select(COLUMNS).single()));
}

/**
 * Reports what becomes of a generation: running, succeeded with a result, failed with an error, cancelled. For whoever
 * asked for it.
 *
 * @param tenant - where
 * @param input - its id, and what has changed; times are filled in
 * @returns the generation; PT409 when its status does not lead to the new one
 */
export function updateAiGeneration(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<AiGeneration>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("ai_generations").update(values).eq("tenant_id", tenantId).eq("id", key).select(COLUMNS).maybeSingle(),
      "generation",
    ));
}

/**
 * The tenant's generations, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page and status
 * @returns a page
 */
export function listAiGenerations(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<AiGeneration>>> {
  return withInput(list, input, async (page) => {
    const all = client.from("ai_generations").select(COLUMNS).eq("tenant_id", tenantId);
    const query = page.status === undefined ? all : all.eq("status", page.status);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * The tenant's generations whose prompt, error or result holds the words, and whose result contains the filter.
 *
 * @param tenant - where
 * @param input - what to look for
 * @returns a page, newest first
 */
export function searchAiGenerations(
  { client, tenantId }: TenantClient,
  input: z.input<typeof searchInput>,
): Promise<Result<Page<FoundAiGeneration>>> {
  return withInput(searchInput, input, async (search) =>
    toPage(
      await askShaped(
        client.rpc("search_ai_generations", { tenant_id: tenantId, ...searchArguments(search) }),
        z.array(found),
      ),
      search.page_size,
    ));
}
