import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { stopProcess } from "../../lib/processes.ts";
import { StackError } from "../../lib/stack-error.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { STOP_STEPS } from "./recovery.ts";
import { asUnprivileged } from "./unprivileged.ts";

/** What a server needs to know to run. */
export interface ServerSettings {
  /** Absolute path of the cluster's folder. */
  readonly dataDir: string;
  readonly port: number;
  /** Whether data survives a power cut. Throw-away stacks do without and are several times faster. */
  readonly durable: boolean;
  /** Further settings, `name=value`; they win over those of the stack. */
  readonly parameters?: readonly string[];
  /** Receives every line the server logs. */
  readonly log: (line: string) => void;
}

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  /** As `postgres`, the role migrations run as. */
  readonly url: string;
  /** As the superuser `supabase_admin`, which hosted projects do not get. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Stops it cleanly, by force after a while; safe to call twice. */
  readonly stop: () => Promise<void>;
  /** Settles when the server ends, for whatever reason. */
  readonly exited: Promise<ServerExit>;
}

const START_TIMEOUT_MS = 60_000;

/**
 * Starts the server on an existing cluster and waits until it takes connections.
 *
 * It runs in its own process group, so that Ctrl-C in a terminal reaches only the stack, which
 * then stops it after everything that uses it.
 *
 * @param binaries - where the programs are
 * @param settings - data folder, port and options
 * @returns the running server
 * @throws StackError `port_taken` when another program listens there, else `postgres_failed`
 */
export async function launchServer(
  binaries: PostgresBinaries,
  settings: ServerSettings,
): Promise<RunningServer> {
  const { command, args, options } = asUnprivileged(binaries.postgres, serverArguments(settings), true);
  const child = spawn(command, args, {
    ...options,
    detached: true,
    cwd: path.dirname(binaries.postgres),
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  const exited = new Promise<ServerExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 127, signal: null }));
  });
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (lines.length < 50) lines.push(line);
      settings.log(line);
      if (line.includes("ready to accept connections")) resolve();
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), START_TIMEOUT_MS);
  });
  const outcome = await Promise.race([ready.then(() => "ready" as const), exited, timeout]);
  clearTimeout(timer);
  const pid = child.pid;
  if (outcome !== "ready" || pid === undefined) {
    if (outcome === "timeout" && pid !== undefined) await stopProcess(pid, STOP_STEPS);
    throw startError(settings, lines);
  }
  const at = `127.0.0.1:${settings.port}/postgres`;
  return {
    port: settings.port,
    url: `postgresql://postgres:postgres@${at}`,
    adminUrl: `postgresql://supabase_admin:postgres@${at}`,
    pid,
    exited,
    stop: async () => {
      let ended = false;
      void exited.then(() => (ended = true));
      await Promise.resolve();
      if (!ended) await stopProcess(pid, STOP_STEPS);
      await exited;
    },
  };
}

function serverArguments({ dataDir, port, durable, parameters = [] }: ServerSettings): string[] {
  const settings = [
    "listen_addresses=127.0.0.1",
    // No socket file: its path has a length limit that deep folders exceed.
    "unix_socket_directories=",
    "shared_preload_libraries=pg_stat_statements",
    "wal_level=logical",
    "synchronous_commit=off",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    ...(durable ? [] : ["fsync=off", "full_page_writes=off"]),
    ...parameters,
  ];
  return ["-D", dataDir, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
}

function startError(settings: ServerSettings, lines: readonly string[]): StackError {
  const text = lines.join("\n");
  if (/could not bind|could not create any TCP\/IP sockets/.test(text)) {
    return new StackError(
      "port_taken",
      `Port ${settings.port} is taken by another program; choose another one for the database.`,
    );
  }
  return new StackError("postgres_failed", "PostgreSQL did not start.", text);
}
