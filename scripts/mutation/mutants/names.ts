import type postgres from "postgres";
import { z } from "zod";

/** The schemas that hold what is ours. */
export const HOUSE_SCHEMAS = ["public", "private", "ops"];

/** The roles a request acts as. */
export const API_ROLES = ["anon", "authenticated", "service_role"];

/**
 * Runs a catalogue query and checks the shape of its rows.
 *
 * @param sql - connection to the migrated database
 * @param shape - shape of a row
 * @param query - the query; $1 is the list of the house's schemas, $2 that of the API's roles, as used
 * @returns the rows
 * @throws ZodError when the rows have another shape
 */
export async function readRows<T extends z.ZodType>(sql: postgres.Sql, shape: T, query: string): Promise<z.infer<T>[]> {
  const inputs = [HOUSE_SCHEMAS, API_ROLES].filter((_, place) => query.includes(`$${place + 1}`));
  const rows: unknown = await sql.unsafe(query, inputs);
  return z.array(shape).parse(rows);
}

/** A piece of a catalogue query: true unless the object belongs to an extension. */
export const isOurs = (catalogue: string, oid: string): string =>
  `not exists (select from pg_depend as x where x.classid = '${catalogue}'::regclass and x.objid = ${oid} and x.deptype = 'e')`;

/**
 * What tests call a function, table or other thing: its name without the schema; of a check of the database's health also without
 * the prefix of its function.
 *
 * @param subject - its qualified name
 * @returns the words
 */
export function wordsFor(subject: string): string[] {
  const bare = subject.split(".").at(-1) ?? subject;
  return bare.startsWith("check_") ? [bare, bare.slice("check_".length)] : [bare];
}
