import { messageOf, StackError } from "../lib/stack-error.ts";
import { MigrateError } from "../migrate/migrate-error.ts";
import { DbError, type DbErrorCode } from "./db-error.ts";

/**
 * What a command over a database says of an error.
 *
 * @param error - what it threw
 * @returns a code and a sentence for a person
 */
export function explainError(error: unknown): { code: DbErrorCode; message: string } {
  if (error instanceof DbError) return { code: error.code, message: error.message };
  if (error instanceof MigrateError && error.code === "no_target") {
    return { code: "no_connection", message: error.message };
  }
  if (error instanceof MigrateError && (error.code === "usage" || error.code === "not_confirmed")) {
    return { code: error.code, message: error.message };
  }
  if (error instanceof StackError && error.code === "data_unreadable") {
    return { code: "no_connection", message: error.message };
  }
  return { code: "failed", message: messageOf(error) };
}
