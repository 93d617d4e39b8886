import { execFile } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { messageOf, StackError } from "../../lib/stack-error.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { clearStaleServer } from "./recovery.ts";
import { launchServer, type ServerSettings } from "./launch.ts";
import { asUnprivileged, NOBODY, runsAsNobody } from "./unprivileged.ts";

const run = promisify(execFile);

/**
 * Supabase's default privileges in schema public: `revoked` is today's (nothing is granted to the
 * API roles), `granted` is what projects had before 2026 (everything is).
 */
export type DefaultPrivileges = "granted" | "revoked";

/**
 * Makes the database cluster when it does not exist yet: initdb, then what a hosted project holds
 * before its first migration. The work happens in a folder of another name, renamed when complete,
 * so a cluster that exists is a whole one, whenever the process making it was killed.
 *
 * @param binaries - where the programs are
 * @param settings - data folder, port and options of the server
 * @param defaultPrivileges - which default privileges the cluster gets, for good
 * @returns true when it was made, false when it existed
 * @throws StackError `port_taken` or `postgres_failed`
 */
export async function createCluster(
  binaries: PostgresBinaries,
  settings: ServerSettings,
  defaultPrivileges: DefaultPrivileges,
): Promise<boolean> {
  const { dataDir } = settings;
  await removeHalfMade(dataDir);
  if (existsSync(path.join(dataDir, "PG_VERSION"))) return false;
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new StackError(
      "postgres_failed",
      `${dataDir} is not empty and holds no database; name another folder.`,
    );
  }
  const draft = `${dataDir}.new-${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    await initialise(binaries, draft, settings.durable);
    const server = await launchServer(binaries, { ...settings, dataDir: draft });
    try {
      await bootstrap(server.adminUrl, defaultPrivileges);
    } finally {
      await server.stop();
    }
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(draft, dataDir);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return true;
}

/**
 * Gives a database one of Supabase's default privileges; they belong to a database, not to the
 * server. Only what is made afterwards is granted by them.
 *
 * @param sql - the database, as superuser
 * @param defaultPrivileges - which ones; the database may have the others
 */
export async function setDefaultPrivileges(sql: postgres.Sql, defaultPrivileges: DefaultPrivileges): Promise<void> {
  await runFile(sql, "default-grants.sql");
  // Hosted came to the new ones by this very detour, and its leftovers are tested against.
  if (defaultPrivileges === "revoked") await runFile(sql, "revoke-default-grants.sql");
}

async function initialise(binaries: PostgresBinaries, dataDir: string, durable: boolean): Promise<void> {
  if (runsAsNobody()) {
    chownSync(dataDir, NOBODY, NOBODY);
    // Nobody must get there: passing through a folder shows nothing of what else lies in it.
    const parent = path.dirname(dataDir);
    chmodSync(parent, (statSync(parent).mode & 0o7777) | 0o011);
  }
  // Authentication is "trust": the server listens on loopback only and its passwords are public.
  const args = ["-D", dataDir, "-U", "supabase_admin", "-A", "trust", "-E", "UTF8"];
  args.push("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US");
  if (!durable) args.push("--no-sync");
  const { command, args: argv, options } = asUnprivileged(binaries.initdb, args);
  try {
    await run(command, argv, options);
  } catch (error) {
    throw new StackError("postgres_failed", "initdb could not make the database cluster.", messageOf(error));
  }
}

async function bootstrap(adminUrl: string, defaultPrivileges: DefaultPrivileges): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await runFile(sql, "bootstrap.sql");
    await runFile(sql, "vault.sql");
    await setDefaultPrivileges(sql, defaultPrivileges);
  } catch (error) {
    throw new StackError("postgres_failed", "The new database could not be prepared.", messageOf(error));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function runFile(sql: postgres.Sql, file: string): Promise<void> {
  await sql.unsafe(readFileSync(path.join(import.meta.dirname, file), "utf8")).simple();
}

async function removeHalfMade(dataDir: string): Promise<void> {
  const parent = path.dirname(dataDir);
  mkdirSync(parent, { recursive: true });
  const prefix = `${path.basename(dataDir)}.new-`;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const draft = path.join(parent, name);
    await clearStaleServer(draft);
    // An initdb that outlived its parent may still write for a moment: hence the retries.
    rmSync(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
