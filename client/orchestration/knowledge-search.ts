import { z } from "zod";
import { askShaped, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import type { Result } from "../core/result.ts";
import { valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

const articleType = z.enum(valuesOf("knowledge_base", "type"));
const reading = z.strictObject({ article_id: id });
const search = z.strictObject({
  /** As in a web search: words, "an exact phrase", or, -not. */
  query: z.string().min(1).max(500),
  of_type: articleType.exactOptional(),
  tag: z.string().min(1).max(1000).exactOptional(),
  in_language: z.string().regex(/^[a-z]{1,50}$/).exactOptional(),
  page_size: z.int().min(1).max(100).exactOptional(),
  /** How many were seen already. */
  skip: z.int().min(0).max(1000).exactOptional(),
});
const found = z.array(z.object({
  id,
  type: articleType,
  language: z.string(),
  title: z.string(),
  tags: z.array(z.string()),
  source_url: z.string().nullable(),
  access_count: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
  rank: z.number(),
  excerpt: z.string(),
}));

/** An article as a search finds it. Of `excerpt`, which is plain text to be escaped, the words are between ⟦ and ⟧. */
export type FoundArticle = z.output<typeof found>[number];

/**
 * The tenant's articles that hold the words, by the rules of each one's language, best match first. For viewers and
 * above.
 *
 * @param tenant - where
 * @param input - what to look for; 20 articles unless it names another page_size
 * @returns the articles; the next page skips those seen
 */
export function searchKnowledge(
  { client, tenantId }: TenantClient,
  input: z.input<typeof search>,
): Promise<Result<readonly FoundArticle[]>> {
  return withInput(search, input, (values) =>
    askShaped(client.rpc("search_knowledge", { tenant_id: tenantId, ...values }), found));
}

/**
 * Counts that an article was read; `access_count` shows it within a minute or so. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 */
export function recordKnowledgeAccess(
  { client, tenantId }: TenantClient,
  input: z.input<typeof reading>,
): Promise<Result<null>> {
  return withInput(reading, input, (values) =>
    tell(client.rpc("record_knowledge_access", { tenant_id: tenantId, ...values })));
}
