import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { stopProcess } from "../../lib/processes.ts";
import { messageOf, StackError } from "../../lib/stack-error.ts";

/** A running functions' host. */
export interface HostProcess {
  readonly pid: number;
  readonly url: string;
  /** Names of the functions it serves. */
  readonly functions: readonly string[];
  readonly stop: () => Promise<void>;
  readonly exited: Promise<void>;
}

/** What a host needs to start. */
export interface HostSettings {
  /** Folder that holds deno.json and node_modules. */
  readonly rootDir: string;
  readonly functionsDir: string;
  /** The stack's data folder; named on the command line, so that an orphan is recognised by it. */
  readonly dataDir: string;
  /** Read at every start, because supabase/functions/.env may change. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

const announcement = z.object({
  port: z.number(),
  functions: z.array(z.string()),
  failed: z.array(z.string()),
});
const installer = z.object({ runInstall: z.custom<() => string>((value) => typeof value === "function") });
const START_TIMEOUT_MS = 60_000;

/**
 * Starts the Deno process that serves the edge functions and waits until it listens.
 *
 * @param settings - folders, environment, log
 * @returns the running host
 * @throws StackError `functions_failed`
 */
export async function launchHost(settings: HostSettings): Promise<HostProcess> {
  const child = spawn(denoProgram(), hostArguments(settings), {
    cwd: settings.rootDir,
    env: settings.env(),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const settle = (): void => {
      ended = true;
      resolve();
    };
    child.once("exit", settle);
    child.once("error", settle);
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (errors.length < 20) errors.push(line);
    settings.log(line);
  });
  const announced = new Promise<z.infer<typeof announcement>>((resolve) => {
    let isFirst = true;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const parsed = isFirst ? announcement.safeParse(parseJson(line)) : undefined;
      if (parsed?.success === true) {
        isFirst = false;
        resolve(parsed.data);
      } else settings.log(line);
    });
  });
  const timeout = new AbortController();
  const outcome = await Promise.race([
    announced,
    exited.then(() => null),
    timeoutAfter(START_TIMEOUT_MS, timeout.signal),
  ]);
  timeout.abort();
  const pid = child.pid;
  if (outcome === null || pid === undefined) {
    if (pid !== undefined && !ended) await stopProcess(pid, [["SIGKILL", 2_000]]);
    throw new StackError("functions_failed", "The edge functions' host did not start.", errors.join("\n"));
  }
  return {
    pid,
    url: `http://127.0.0.1:${outcome.port}`,
    functions: outcome.functions,
    exited,
    stop: async () => {
      child.stdin.end();
      if (!ended)
        await stopProcess(pid, [
          ["SIGTERM", 2_000],
          ["SIGKILL", 2_000],
        ]);
      await exited;
    },
  };
}

function hostArguments({ rootDir, functionsDir, dataDir }: HostSettings): string[] {
  return [
    "run",
    "--quiet",
    "--no-check",
    `--config=${path.join(rootDir, "deno.json")}`,
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--allow-sys",
    path.join(import.meta.dirname, "host.ts"),
    functionsDir,
    dataDir,
  ];
}

function denoProgram(): string {
  // The package's own way to its program; it also copes with a read-only node_modules.
  try {
    const loaded: unknown = createRequire(import.meta.url)("deno/install_api.cjs");
    return installer.parse(loaded).runInstall();
  } catch (error) {
    throw new StackError("binaries_missing", `Deno is not installed (${messageOf(error)}): run "npm ci".`);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function timeoutAfter(ms: number, signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
}
