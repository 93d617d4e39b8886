import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll } from "vitest";
import { z } from "zod";
import { applyMigration } from "../../scripts/migrate/apply.ts";
import { listMigrations, projectDir } from "../../scripts/migrate/migration-files.ts";
import { migrationsHash } from "../../scripts/migrate/migrations-hash.ts";
import { startPostgres } from "../../scripts/stack/postgres/server.ts";

/** A database of its own for a test. */
export interface TestDatabase {
  readonly name: string;
  /** As `postgres`, the role migrations run as. */
  readonly url: string;
  /** As the superuser. */
  readonly adminUrl: string;
  /** A pool of one connection as `postgres`. */
  readonly sql: postgres.Sql;
  /** Ends the connection, so that the database can be cloned. It opens again by itself. */
  readonly disconnect: () => Promise<void>;
  /** Deletes it; done after the test file otherwise. */
  readonly drop: () => Promise<void>;
}

/** Which database to make. */
export interface DatabaseOptions {
  /** With all migrations applied. Default: as a new Supabase project is. */
  readonly migrated?: boolean;
  /** Clone this one instead. No session may be connected to it. */
  readonly template?: string;
}

interface Server {
  readonly url: string;
  readonly adminUrl: string;
  readonly admin: postgres.Sql;
  /** The database that is as a new Supabase project is. */
  readonly empty: string;
  /** One that has all migrations, if the stack names it. */
  readonly migrated: string | undefined;
  readonly stop: () => Promise<void>;
}

const stackShape = z.object({
  db_url: z.string(),
  admin_db_url: z.string(),
  template: z.string().optional(),
  migrated: z.string().optional(),
});

let server: Promise<Server> | undefined;
let count = 0;
const open = new Set<TestDatabase>();

afterAll(async () => {
  for (const database of open) await database.drop();
  await (await server)?.stop();
  server = undefined;
});

/**
 * Makes a database for a test, as a clone: 25 ms.
 *
 * It is made on the stack under test if that has a template (`template` in stack.json, else
 * `rowhouse_empty`, or ROWHOUSE_EMPTY_TEMPLATE; `migrated` for one with all migrations); otherwise on a
 * server started for the test file.
 *
 * @param options - see DatabaseOptions
 * @returns the database; it is deleted after the test file
 */
export async function createDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  server ??= findServer();
  const at = await server;
  const template = options.template ?? (options.migrated === true ? await migratedTemplate(at) : at.empty);
  count += 1;
  return clone(at, template, `mig_${process.pid}_${count}`);
}

async function clone(at: Server, template: string, name: string): Promise<TestDatabase> {
  await at.admin.unsafe(`create database "${name}" template "${template}" owner postgres`);
  const url = withDatabase(at.url, name);
  let sql: postgres.Sql | undefined;
  const connect = (): postgres.Sql =>
    postgres(url, { max: 1, onnotice: () => undefined, connection: { application_name: "rowhouse-tests" } });
  const disconnect = async (): Promise<void> => {
    const old = sql;
    sql = undefined;
    await old?.end({ timeout: 5 });
  };
  const database: TestDatabase = {
    name,
    url,
    adminUrl: withDatabase(at.adminUrl, name),
    get sql() {
      return (sql ??= connect());
    },
    disconnect,
    drop: async () => {
      open.delete(database);
      await disconnect();
      await at.admin.unsafe(`drop database if exists "${name}" with (force)`);
    },
  };
  open.add(database);
  return database;
}

async function findServer(): Promise<Server> {
  const given = readStack();
  if (given !== null) {
    const empty = process.env["ROWHOUSE_EMPTY_TEMPLATE"] ?? given.template ?? "rowhouse_empty";
    const admin = postgres(given.admin_db_url, { max: 4, onnotice: () => undefined });
    const rows = await admin`select from pg_database where datname = ${empty}`;
    if (rows.length === 1) {
      return {
        url: given.db_url,
        adminUrl: given.admin_db_url,
        admin,
        empty,
        migrated: given.migrated,
        stop: () => admin.end({ timeout: 5 }),
      };
    }
    await admin.end({ timeout: 5 });
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-test-"));
  const started = await startPostgres({ dataDir: path.join(folder, "data"), port: 0 });
  // Connected to another database than the one that is cloned.
  const admin = postgres(withDatabase(started.adminUrl, "template1"), { max: 4, onnotice: () => undefined });
  await admin`create database rowhouse_empty template postgres`;
  await admin.end({ timeout: 5 });
  const own = postgres(started.adminUrl, { max: 4, onnotice: () => undefined });
  const stop = async (): Promise<void> => {
    await own.end({ timeout: 5 });
    await started.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: started.url, adminUrl: started.adminUrl, admin: own, empty: "rowhouse_empty", migrated: undefined, stop };
}

function readStack(): z.infer<typeof stackShape> | null {
  const file = process.env["ROWHOUSE_STACK_FILE"];
  if (file === undefined) return null;
  return stackShape.parse(JSON.parse(readFileSync(path.resolve(projectDir, file), "utf8")));
}

/** Made once a server for each state of the migrations, by whichever test file comes first. */
async function migratedTemplate(at: Server): Promise<string> {
  if (at.migrated !== undefined) return at.migrated;
  const name = `mig_all_${migrationsHash().slice(0, 12)}`;
  const held = await at.admin.reserve();
  try {
    await held`select pg_advisory_lock(hashtext(${name}))`;
    const rows = await held`select from pg_database where datname = ${name}`;
    if (rows.length === 1) return name;
    const draft = await clone(at, at.empty, `${name}_draft_${process.pid}`);
    try {
      for (const migration of listMigrations(projectDir)) await applyMigration(draft.sql, migration);
      await draft.disconnect();
      await held.unsafe(`alter database "${draft.name}" rename to "${name}"`);
    } finally {
      await draft.drop();
    }
    return name;
  } finally {
    await held`select pg_advisory_unlock(hashtext(${name}))`;
    held.release();
  }
}

function withDatabase(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}
