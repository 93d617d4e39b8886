import { z } from "zod";

/** An id; of any version, as the database takes it. */
export const id = z.guid();

/** An object of JSON. */
export const jsonObject = z.record(z.string(), z.json());

/** A moment, with its offset from UTC. */
export const time = z.iso.datetime({ offset: true });

/** A length of time as PostgreSQL reads it, such as `90 minutes`. */
export const interval = z.string().min(1).max(100);

/**
 * A text that says something.
 *
 * @param most - characters at most
 */
export function words(most: number) {
  // The database counts characters, and zod the units of UTF-16: the database has the last word.
  return z.string().min(1).max(most).refine((text) => text.trim() !== "", "is blank");
}

/**
 * A change of a row: its id, and any of the fields, at least one.
 *
 * @param fields - what may change; each may be left out
 */
export function changeOf<Fields extends z.ZodRawShape>(fields: Fields) {
  return z.strictObject({ id, ...fields }).refine((value) => Object.keys(value).length > 1, "names nothing to change");
}
