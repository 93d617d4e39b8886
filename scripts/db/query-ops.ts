import { z } from "zod";
import { messageOf } from "../lib/stack-error.ts";
import type { Query } from "./command.ts";
import { DbError } from "./db-error.ts";
import { codeOf } from "./with-database.ts";

// No such schema, function, column or table; other parameters.
const OTHER_SCHEMA = ["3F000", "42883", "42703", "42P01"];

/**
 * Runs one statement over schema ops and checks the rows.
 *
 * @param query - runs it
 * @param text - the statement
 * @param shape - of each row
 * @returns the rows
 * @throws DbError `other_schema` when the database has other migrations than this command; what the
 *   database says otherwise
 */
export async function queryOps<T>(query: Query, text: string, shape: z.ZodType<T>): Promise<T[]> {
  let rows: readonly unknown[];
  try {
    rows = await query(text);
  } catch (error) {
    if (!OTHER_SCHEMA.includes(codeOf(error))) throw error;
    throw otherSchema(messageOf(error), error);
  }
  const parsed = z.array(shape).safeParse(rows);
  if (!parsed.success) throw otherSchema(z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

/**
 * The error for a database whose schema ops is not the one that this command knows.
 *
 * @param reason - what does not fit
 * @param cause - what was thrown
 * @returns the error to throw
 */
export function otherSchema(reason: string, cause: unknown): DbError {
  const advice = 'Apply its migrations ("npm run migrate -- up"), or use the command of its version.';
  return new DbError("other_schema", `The database has another version of schema ops: ${reason}. ${advice}`, cause);
}
