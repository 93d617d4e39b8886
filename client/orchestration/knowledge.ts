import { z } from "zod";
import { ask, askForRow } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id } from "../core/shapes.ts";

/** An article, without the words that searches use. */
export type Article = Omit<Row<"knowledge_base">, "tsv">;

/** An article as it is listed. */
export type ListedArticle = Omit<Article, "body">;

const LISTED = `
  tenant_id, id, type, language, title, tags, source_url, access_count, last_accessed_at, created_by, created_at,
  updated_at
`;
const COLUMNS = `${LISTED}, body` as const;

const type = z.enum(valuesOf("knowledge_base", "type"));
// Which languages have rules is said by the database.
const language = z.string().regex(/^[a-z]{1,50}$/);
const tag = z.string().min(1).max(1000);
const title = z.string().min(1).max(500);
const body = z.string().min(1).max(100_000);
const optional = {
  type: type.exactOptional(),
  language: language.exactOptional(),
  tags: z.array(tag).max(20).exactOptional(),
  source_url: z.url({ protocol: /^https?$/ }).max(2000).nullable().exactOptional(),
};
const creation = z.strictObject({ title, body, ...optional });
const update = changeOf({ title: title.exactOptional(), body: body.exactOptional(), ...optional });
const list = pageInput.extend({ type: type.exactOptional(), language: language.exactOptional() });
const one = z.strictObject({ id });
/**
 * Saves an article: in English unless the input names another language, by whose rules its words are found. For
 * members.
 *
 * @param tenant - where
 * @param input - title, body, and what else is known
 * @returns the article
 */
export function saveArticle(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<Article>> {
  return withInput(creation, input, (values) =>
    ask(client.from("knowledge_base").insert({ tenant_id: tenantId, ...values }).select(COLUMNS).single()));
}

/**
 * Changes an article. For members.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the article
 */
export function updateArticle(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Article>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("knowledge_base").update(values).eq("tenant_id", tenantId).eq("id", key).select(COLUMNS)
        .maybeSingle(),
      "article",
    ));
}

/**
 * An article. Whoever shows it to somebody says so with recordKnowledgeAccess. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 * @returns the article
 */
export function readArticle({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<Article>> {
  return withInput(one, input, (asked) =>
    askForRow(
      client.from("knowledge_base").select(COLUMNS).eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(),
      "article",
    ));
}

/**
 * The tenant's articles, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, type, language
 * @returns a page
 */
export function listArticles(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<ListedArticle>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("knowledge_base").select(LISTED).eq("tenant_id", tenantId);
    if (page.type !== undefined) query = query.eq("type", page.type);
    if (page.language !== undefined) query = query.eq("language", page.language);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
