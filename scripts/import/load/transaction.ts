import type { Query } from "../../db/command.ts";
import { codeOf } from "../../db/with-database.ts";

const ATTEMPTS = 5;

/**
 * Runs work in a transaction. One that a deadlock ended is begun again: nothing of it was kept.
 *
 * @param query - runs a statement on the one connection
 * @param isKept - false: all is undone at the end, whatever came of it
 * @param work - the work
 * @returns what the work returns
 * @throws what the work throws; then nothing is kept
 */
export async function inTransaction<T>(query: Query, isKept: boolean, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt += 1) {
    // Parents and dependencies of tasks change under this level only, whatever the server's default is.
    await query("begin isolation level read committed");
    try {
      const result = await work();
      await query(isKept ? "commit" : "rollback");
      return result;
    } catch (error) {
      // Of a lost connection the server undoes what was open.
      await query("rollback").catch(() => undefined);
      if (codeOf(error) !== "40P01" || attempt === ATTEMPTS) throw error;
    }
  }
}
