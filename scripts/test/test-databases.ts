import postgres from "postgres";
import { applyMigration } from "../migrate/apply.ts";
import { listMigrations, projectDir } from "../migrate/migration-files.ts";

/** The database that is as a new Supabase project is; the migration tests clone it. */
const emptyTemplate = "rowhouse_empty";

/**
 * Keeps a copy of the database as it is before the first migration, for the tests that make databases of their own.
 *
 * @param adminUrl - the new, unmigrated database, as superuser
 */
export async function createEmptyTemplate(adminUrl: string): Promise<void> {
  const url = new URL(adminUrl);
  const source = url.pathname.slice(1);
  url.pathname = "/template1";
  const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(`create database ${emptyTemplate} template "${source}" owner postgres`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Makes a database with all migrations and no rows, beside the stack's own, for the tests in SQL.
 *
 * @param dbUrl - the stack's database, as postgres
 * @param adminUrl - the same as superuser
 * @returns its address, as postgres; nobody is connected to it
 */
export async function createMigratedDatabase(dbUrl: string, adminUrl: string): Promise<string> {
  const name = "rowhouse_migrated";
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`create database ${name} template ${emptyTemplate} owner postgres`);
  } finally {
    await admin.end({ timeout: 5 });
  }
  const url = new URL(dbUrl);
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
  try {
    for (const migration of listMigrations(projectDir)) await applyMigration(sql, migration);
  } finally {
    await sql.end({ timeout: 5 });
  }
  return url.href;
}
