import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import postgres from "postgres";
import { applyMigration } from "../migrate/apply.ts";
import { listMigrations, projectDir } from "../migrate/migration-files.ts";
import { startPostgres } from "../stack/postgres/server.ts";

/** A throw-away server with a database that has all migrations, and pgTAP. */
export interface MutationServer {
  /** A connection to the migrated database, as postgres, with an empty search path. */
  readonly catalogue: postgres.Sql;
  /** Makes a copy of the migrated database, over the one of the same name. Returns its address, as superuser. */
  clone(name: string): Promise<string>;
  /**
   * Makes a copy under a name that others know, with a change that stays.
   *
   * @returns its addresses as the description of a stack names them
   */
  publish(name: string, change: string): Promise<{ db_url: string; admin_db_url: string }>;
  /** Ends the server and deletes all it held. */
  stop(): Promise<void>;
}

// As the test runner does it: functions are closed to the API's roles by default, those of pgTAP too.
const INSTALL_PGTAP = `
  alter default privileges grant execute on functions to public;
  create extension if not exists pgtap with schema extensions;
  alter default privileges revoke execute on functions from public`;

/** The database the migrations are applied to; nobody is connected to it while it is copied. */
const TEMPLATE = "postgres";

// Every run makes and drops hundreds of tables: in memory all of it takes a fifth less.
const MEMORY = "/dev/shm";
const ROOM_BYTES = 4 * 1024 ** 3;

/**
 * Starts a server, applies the migrations and keeps the result as a template.
 *
 * @returns the server; the caller stops it
 * @throws StackError or MigrateError when it does not start or a migration fails
 */
export async function startMutationServer(): Promise<MutationServer> {
  const folder = mkdtempSync(path.join(hasRoom(MEMORY) ? MEMORY : os.tmpdir(), "rowhouse-mutation-"));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const server = await startPostgres({ dataDir: path.join(folder, "data"), port: 0, parameters: ["autovacuum=off"] }).catch((error: unknown) => {
    removeFolder();
    throw error;
  });
  const admin = new pg.Client({ connectionString: at(server.adminUrl, "template1") });
  const catalogue = postgres(at(server.url, "mutation_catalogue"), { max: 1, onnotice: () => undefined });
  const stop = async (): Promise<void> => {
    await catalogue.end({ timeout: 1 });
    await admin.end().catch(() => undefined);
    await server.stop();
    removeFolder();
  };
  try {
    const migrating = postgres(server.url, { max: 1, onnotice: () => undefined });
    for (const migration of listMigrations(projectDir)) await applyMigration(migrating, migration);
    await migrating.unsafe(INSTALL_PGTAP).simple();
    await migrating.end({ timeout: 5 });
    await admin.connect();
    await admin.query(`create database mutation_catalogue template ${TEMPLATE} owner postgres`);
    await catalogue`select set_config('search_path', '', false)`;
  } catch (error) {
    await stop();
    throw error;
  }
  const clone = async (name: string): Promise<string> => {
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    await admin.query(`create database ${pg.escapeIdentifier(name)} template ${TEMPLATE} owner postgres`);
    return at(server.adminUrl, name);
  };
  const publish = async (name: string, change: string): Promise<{ db_url: string; admin_db_url: string }> => {
    const client = new pg.Client({ connectionString: await clone(name) });
    await client.connect();
    await client.query("set session authorization postgres");
    await client.query(change);
    await client.end();
    return { db_url: at(server.url, name), admin_db_url: at(server.adminUrl, "template1") };
  };
  return { catalogue, clone, publish, stop };
}

function at(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
