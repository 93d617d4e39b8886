import path from "node:path";
import { findFreePort } from "../../lib/free-port.ts";
import { StackError } from "../../lib/stack-error.ts";
import { type PostgresBinaries, preparePostgresBinaries } from "./binaries.ts";
import { createCluster, type DefaultPrivileges } from "./cluster.ts";
import { launchServer, type RunningServer } from "./launch.ts";
import { clearStaleServer } from "./recovery.ts";
import { addVault } from "./vault.ts";

/** Options of `startPostgres`. */
export interface StartPostgresOptions {
  /** Folder of the cluster; made when missing. */
  readonly dataDir: string;
  /** Port on loopback; 0 takes any free one. */
  readonly port: number;
  /** Whether data survives a power cut; false (fast) is for throw-away databases. Default false. */
  readonly durable?: boolean | undefined;
  /** Supabase's default privileges a new cluster gets. Default `revoked`, as hosted since 2026. */
  readonly defaultPrivileges?: DefaultPrivileges | undefined;
  /** Another PostgreSQL than the embedded one, 15 or later. */
  readonly binaries?: PostgresBinaries | undefined;
  /** Further settings of the server, `name=value`. */
  readonly parameters?: readonly string[] | undefined;
  /** Receives every line of the server's log. Default: dropped. */
  readonly log?: ((line: string) => void) | undefined;
  /** Receives what a person should know (recovery from an earlier run). Default: dropped. */
  readonly notice?: ((line: string) => void) | undefined;
}

/** A running server, and whether its cluster was made just now. */
export interface StartedPostgres extends RunningServer {
  readonly isNew: boolean;
}

/**
 * Starts a PostgreSQL (the embedded 17 unless another is named) that looks like a hosted Supabase
 * database, making its cluster on first use and recovering from a run that was killed.
 *
 * Test databases are cloned from it: `create database x template postgres` (no session may be
 * connected to `postgres` meanwhile).
 *
 * @param options - see StartPostgresOptions
 * @returns the running server; the caller stops it
 * @throws StackError `port_taken`, `postgres_failed` or `binaries_missing`
 */
export async function startPostgres(options: StartPostgresOptions): Promise<StartedPostgres> {
  const binaries = options.binaries ?? preparePostgresBinaries();
  const dataDir = path.resolve(options.dataDir);
  const log = options.log ?? (() => undefined);
  for (const line of await clearStaleServer(dataDir)) options.notice?.(line);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === 0 ? await findFreePort() : options.port;
    const settings = { dataDir, port, durable: options.durable ?? false, parameters: options.parameters ?? [], log };
    try {
      const isNew = await createCluster(binaries, settings, options.defaultPrivileges ?? "revoked");
      const server = await launchServer(binaries, settings);
      if (!isNew) await bringUpToDate(server, options);
      return { ...server, isNew };
    } catch (error) {
      // Another program may grab a free port between asking for it and binding it.
      const grabbed = options.port === 0 && error instanceof StackError && error.code === "port_taken";
      if (!grabbed || attempt === 5) throw error;
    }
  }
}

async function bringUpToDate(server: RunningServer, options: StartPostgresOptions): Promise<void> {
  try {
    if (await addVault(server.adminUrl)) options.notice?.("Added Vault, which databases made earlier did not have.");
  } catch (error) {
    await server.stop();
    throw error;
  }
}
