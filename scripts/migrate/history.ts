import type postgres from "postgres";
import { z } from "zod";
import { hasCode } from "../lib/stack-error.ts";

const rowShape = z.object({
  version: z.string(),
  // Databases that another tool migrated may have only the version.
  name: z.string().nullish().transform((name) => name ?? ""),
  statements: z.array(z.string()).nullish().transform((statements) => statements ?? null),
});

/** A row of the Supabase CLI's history table. */
export type AppliedMigration = z.infer<typeof rowShape>;

/**
 * Reads what a database says was applied to it.
 *
 * @param sql - connection
 * @returns the history in order; empty when the database has no history table
 */
export async function readHistory(sql: postgres.Sql): Promise<AppliedMigration[]> {
  try {
    const rows = await sql`
      select m.version, to_jsonb(m) -> 'name' as name, to_jsonb(m) -> 'statements' as statements
      from supabase_migrations.schema_migrations as m
      order by m.version
    `;
    return z.array(rowShape).parse([...rows]);
  } catch (error) {
    if (hasCode(error, "42P01") || hasCode(error, "3F000")) return [];
    throw error;
  }
}

/**
 * Makes the history table the way the Supabase CLI does.
 *
 * @param sql - connection
 */
export async function createHistory(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
    alter table supabase_migrations.schema_migrations add column if not exists statements text[];
    alter table supabase_migrations.schema_migrations add column if not exists name text;
  `).simple();
}

/**
 * Tells PostgREST that the schema has changed. Sent after every change; nobody listens to it in a
 * database without PostgREST.
 *
 * @param sql - connection
 */
export async function notifyApi(sql: postgres.Sql): Promise<void> {
  await sql`notify pgrst, 'reload schema'`;
}
