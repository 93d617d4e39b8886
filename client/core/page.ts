import { z } from "zod";
import { failure, type Result, success } from "./result.ts";
import { id } from "./shapes.ts";

/** Where a page ends and the next one begins. */
export interface Cursor {
  readonly before: string;
  readonly before_id: string;
}

/** Some rows, newest first. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Give it to the same operation for the next page; null: there is none. */
  readonly next: Cursor | null;
}

/** What every list and search takes. */
export const pageInput = z.strictObject({
  page_size: z.int().min(1).max(200).default(50),
  // As the database wrote it: a Date would lose the microseconds and with them rows.
  after: z.strictObject({ before: z.iso.datetime({ offset: true }), before_id: id }).nullable().default(null),
});

/** Which page. */
export type PageInput = z.input<typeof pageInput>;

interface Keyed {
  readonly created_at: string;
  readonly id: string;
}

interface Ordered<Q> {
  lte(column: "created_at", value: string): Q;
  or(filters: string): Q;
  order(column: "created_at" | "id", options: { ascending: boolean }): Q;
  limit(rows: number): Q;
}

interface Identified<Q> {
  lt(column: "id", value: string): Q;
  order(column: "id", options: { ascending: boolean }): Q;
  limit(rows: number): Q;
}

/**
 * Asks for one page of a table by its key, so that the hundredth page costs what the first one does.
 *
 * @param query - a selection with its filters
 * @param page - which page
 * @returns the selection of that page
 */
export function pageOf<Q extends Ordered<Q>>(query: Q, page: z.output<typeof pageInput>): Q {
  const { after } = page;
  // The first condition alone can begin in the index; the second one leaves out what was read.
  const rest = after === null ? query : query
    .lte("created_at", after.before)
    .or(`created_at.lt."${after.before}",id.lt.${after.before_id}`);
  return rest.order("created_at", { ascending: false }).order("id", { ascending: false }).limit(page.page_size);
}

/**
 * Asks for one page by the id alone, for rows of a parent: an id of version 7 says when it was made, and the parent's
 * index goes by it.
 *
 * @param query - a selection with its filters, the parent among them
 * @param page - which page
 * @returns the selection of that page
 */
export function pageByIdOf<Q extends Identified<Q>>(query: Q, page: z.output<typeof pageInput>): Q {
  const rest = page.after === null ? query : query.lt("id", page.after.before_id);
  return rest.order("id", { ascending: false }).limit(page.page_size);
}

/**
 * Makes a page of rows.
 *
 * @param result - the rows, newest first
 * @param size - how many were asked for
 * @returns the page; a full one may have a next one that is empty
 */
export function toPage<T extends Keyed>(result: Result<readonly T[]>, size: number): Result<Page<T>> {
  if (result.error !== null) return failure(result.error);
  const rows = result.data;
  const last = rows.length < size ? undefined : rows.at(-1);
  return success({ rows, next: last === undefined ? null : { before: last.created_at, before_id: last.id } });
}
