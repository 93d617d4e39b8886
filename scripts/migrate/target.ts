import path from "node:path";
import postgres from "postgres";
import { z } from "zod";
import { readJson } from "../lib/private-file.ts";
import { MigrateError } from "./migrate-error.ts";

/** The database a command works on. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** The address's query, such as `sslmode=require`. */
  readonly query: string;
  /** Whether it is on this machine. Everything else needs a confirmation. */
  readonly isLocal: boolean;
  /** For messages: no password in it. */
  readonly label: string;
}

// The Supabase CLI lets these override the host, port or database of the address: a loopback
// address could lead anywhere. The rest of the query is passed on.
const REDIRECTING = [
  "host",
  "hostaddr",
  "port",
  "dbname",
  "database",
  "user",
  "password",
  "passfile",
  "service",
  "servicefile",
];

const stackShape = z.object({ db_url: z.string() });

/**
 * Reads a database address and says whether it is on this machine.
 *
 * @param text - postgresql://user:password@host:port/database
 * @returns the target
 * @throws MigrateError `usage` for an address that names no single host, or that hides another one
 */
export function parseTarget(text: string): Target {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new MigrateError(
      "usage",
      "The database address is not postgresql://user:password@host:port/database with one host.",
    );
  }
  if (
    !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "" ||
    decodeURIComponent(url.hostname).includes(",")
  ) {
    throw new MigrateError(
      "usage",
      "The database address is not postgresql://user:password@host:port/database with one host.",
    );
  }
  const redirecting = REDIRECTING.find((name) => url.searchParams.has(name));
  if (redirecting !== undefined) {
    throw new MigrateError(
      "usage",
      `The database address must not say "${redirecting}=" in its query; write it before the question mark.`,
    );
  }
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, "");
  const port = url.port === "" ? 5432 : Number(url.port);
  const database = decodeURIComponent(url.pathname.slice(1)) || "postgres";
  if (port === 6543 && host.includes("pooler")) {
    throw new MigrateError(
      "usage",
      "Port 6543 is the transaction pooler, which keeps no lock between statements; use the session pooler (5432) or the direct address.",
    );
  }
  return {
    host,
    port,
    database,
    user: decodeURIComponent(url.username) || "postgres",
    password: decodeURIComponent(url.password),
    query: url.search,
    isLocal: isLoopback(host),
    label: `${host}:${port}/${database}`,
  };
}

/**
 * Finds the database to work on: the address that was given, else the local stack's.
 *
 * @param dbUrl - address from the command line
 * @param rootDir - folder whose stack is meant
 * @returns the target
 * @throws MigrateError `no_target` when no stack has been started
 */
export function findTarget(dbUrl: string | undefined, rootDir: string): Target {
  if (dbUrl !== undefined) return parseTarget(dbUrl);
  const dataDir = process.env["ROWHOUSE_DATA_DIR"] ?? ".rowhouse";
  const file = path.resolve(rootDir, process.env["ROWHOUSE_STACK_FILE"] ?? path.join(dataDir, "stack.json"));
  const stack = readJson(file, stackShape);
  if (stack === null) {
    throw new MigrateError(
      "no_target",
      `No local stack is running (there is no ${
        path.basename(file)
      }): start it with "npm start", or name a database with --db-url.`,
    );
  }
  return parseTarget(stack.db_url);
}

/**
 * The target's address for other programs.
 *
 * @param target - the target
 * @returns the address without the password, which other users could read on a command line
 */
export function addressOf(target: Target): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const user = encodeURIComponent(target.user);
  return `postgresql://${user}@${host}:${target.port}/${encodeURIComponent(target.database)}${target.query}`;
}

/**
 * Connects to a target.
 *
 * @param target - the target
 * @param settings - server settings of the session; they survive a `reset all`
 * @returns a pool of one connection, which the caller ends
 */
export function connect(target: Target, settings: Record<string, string> = {}): postgres.Sql {
  const saysHow = new URLSearchParams(target.query).has("sslmode");
  return postgres(addressOf(target), {
    password: target.password,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 15,
    // A password and a schema do not cross a network in the clear unless the address says so.
    ...(target.isLocal || saysHow ? {} : { ssl: "require" as const }),
    onnotice: () => undefined,
    connection: { application_name: "rowhouse migrate", ...settings },
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
