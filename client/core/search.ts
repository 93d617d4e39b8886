import { z } from "zod";
import { pageInput } from "./page.ts";
import { jsonObject } from "./shapes.ts";

/** What every search takes: words, what the jsonb holds, or both. */
export const searchInput = pageInput.extend({
  /** As in a web search: words, "an exact phrase", or, -not. */
  query: z.string().max(500).exactOptional(),
  /** What has to be in the jsonb, such as `{"kind": "video"}`. */
  filter: jsonObject.exactOptional(),
});

/**
 * The arguments of a search function of the database.
 *
 * @param input - a checked search
 */
export function searchArguments<T extends z.output<typeof pageInput>>({ after, ...rest }: T) {
  return after === null ? rest : { ...rest, ...after };
}

/** How well the words of a search fit; null for a search without words. */
export const rank = z.number().nullable();
