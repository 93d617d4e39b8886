import postgres from "postgres";
import { afterAll } from "vitest";
import { readStack } from "./stack.ts";

/**
 * A connection as `postgres`, for looking behind the scenes and for moving time. Closed after the
 * tests of the file.
 *
 * @returns the connection
 */
export function openSql(): postgres.Sql {
  const sql = postgres(readStack().db_url, {
    max: 2,
    onnotice: () => undefined,
    connection: { application_name: "rowhouse-tests" },
  });
  afterAll(() => sql.end({ timeout: 5 }));
  return sql;
}
