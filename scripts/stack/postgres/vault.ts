import { readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { messageOf, StackError } from "../../lib/stack-error.ts";

/**
 * Adds the stand-in of Vault to a cluster that was made before clusters came with it, so that nobody
 * has to give up their local data. Migrations find it there as in a new one.
 *
 * @param adminUrl - the database, as superuser
 * @returns true when it was added, false when it was there
 * @throws StackError `postgres_failed`
 */
export async function addVault(adminUrl: string): Promise<boolean> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const [vault] = await sql<{ is_missing: boolean }[]>`select to_regnamespace('vault') is null as is_missing`;
    if (vault?.is_missing !== true) return false;
    await sql.unsafe(readFileSync(path.join(import.meta.dirname, "vault.sql"), "utf8")).simple();
    return true;
  } catch (error) {
    throw new StackError("postgres_failed", "Vault could not be added to the database.", messageOf(error));
  } finally {
    await sql.end({ timeout: 5 });
  }
}
