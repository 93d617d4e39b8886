import { applyMigration } from "../migrate/apply.ts";
import { listMigrations, projectDir } from "../migrate/migration-files.ts";
import { type DefaultPrivileges, setDefaultPrivileges } from "../stack/postgres/cluster.ts";
import { databaseUrl } from "./database-url.ts";
import { withSql } from "./with-sql.ts";

/** The database that is as a new Supabase project is; the migration tests clone it. */
export const emptyTemplate = "rowhouse_empty";

/** A server to make databases on. */
export interface DatabaseServer {
  /** One of its databases, as postgres. */
  readonly url: string;
  /** The same as superuser. */
  readonly adminUrl: string;
}

/**
 * Keeps a copy of the database as it is before the first migration, for the tests that make databases of their own.
 *
 * @param adminUrl - the new, unmigrated database, as superuser
 */
export async function createEmptyTemplate(adminUrl: string): Promise<void> {
  const source = new URL(adminUrl).pathname.slice(1);
  // Whoever is connected to the source keeps it from being copied.
  await withSql(databaseUrl(adminUrl, source === "postgres" ? "template1" : "postgres"), (sql) =>
    sql.unsafe(`create database ${emptyTemplate} template "${source}" owner postgres`));
}

/**
 * Makes a database with all migrations and no rows, as a copy of the empty template.
 *
 * @param server - where the template is
 * @param defaultPrivileges - Supabase's default privileges that the migrations meet
 * @returns its address, as postgres; nobody is connected to it
 */
export async function createMigratedDatabase(
  server: DatabaseServer, defaultPrivileges: DefaultPrivileges,
): Promise<string> {
  const name = `rowhouse_migrated_${defaultPrivileges}`;
  await withSql(server.adminUrl, (sql) =>
    sql.unsafe(`create database ${name} template ${emptyTemplate} owner postgres`));
  await withSql(databaseUrl(server.adminUrl, name), (sql) => setDefaultPrivileges(sql, defaultPrivileges));
  const url = databaseUrl(server.url, name);
  await withSql(url, async (sql) => {
    for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
  });
  return url;
}
