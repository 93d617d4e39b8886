import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { quietEnv } from "../lib/quiet-env.ts";
import { projectDir } from "./migration-files.ts";
import { MigrateError } from "./migrate-error.ts";
import { addressOf, type Target } from "./target.ts";

const failureShape = z.object({ error: z.object({ message: z.string() }) });

/** What the Supabase CLI said. */
export interface CliResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** What went wrong, in its words; empty when nothing did. */
  readonly failure: string;
}

/**
 * Runs the Supabase CLI of this project on a database.
 *
 * @param args - command and flags, without the database
 * @param target - the database
 * @param options - folder that holds supabase/; `onProgress` gets each line it prints meanwhile
 * @returns how it ended
 * @throws MigrateError `cli_failed` when it cannot be started or is killed
 */
export async function runSupabaseCli(
  args: readonly string[],
  target: Target,
  options: { readonly rootDir: string; readonly onProgress?: (line: string) => void },
): Promise<CliResult> {
  const child = spawn(
    process.execPath,
    [
      programPath(),
      ...args,
      `--remote=${impatientAddress(target)}`,
      "--workdir",
      options.rootDir,
      "--agent",
      "no",
    ],
    { cwd: options.rootDir, env: environment(target), stdio: ["ignore", "pipe", "pipe"] },
  );
  // Ctrl-C reaches both; a plain kill reaches only this process.
  const stop = (): void => void child.kill("SIGTERM");
  process.once("SIGTERM", stop);
  let stdout = "";
  const said: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => void (stdout += chunk.toString("utf8")));
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    options.onProgress?.(line);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
  process.removeListener("SIGTERM", stop);
  if (code === null) {
    throw new MigrateError("cli_failed", "The Supabase CLI could not be run to its end.", said.join("\n"));
  }
  return { ok: code === 0, stdout, failure: code === 0 ? "" : explained(failureIn(stdout, said)) };
}

function programPath(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve("supabase/package.json");
    return path.join(path.dirname(manifest), "dist", "supabase.js");
  } catch {
    throw new MigrateError("cli_failed", 'The Supabase CLI is not installed: run "npm ci".');
  }
}

/**
 * On this machine nobody should wait for ever for a transaction that someone left open in an
 * editor. Elsewhere the migrations say themselves how long they wait; poolers refuse the option.
 */
function impatientAddress(target: Target): string {
  const address = addressOf(target);
  if (!target.isLocal || new URLSearchParams(target.query).has("options")) return address;
  return `${address}${target.query === "" ? "?" : "&"}options=${encodeURIComponent("-c lock_timeout=10s")}`;
}

function environment(target: Target): NodeJS.ProcessEnv {
  const env = quietEnv(path.join(projectDir, ".rowhouse"));
  // Not on the command line, where every user of the machine could read it.
  env["PGPASSWORD"] = target.password;
  // An address whose port equals the one in config.toml would be taken for the Docker stack.
  env["SUPABASE_DB_PORT"] = "1";
  if (!target.isLocal) delete env["PGSSLMODE"];
  return env;
}

function explained(failure: string): string {
  if (!failure.includes("55P03") && !failure.includes("lock timeout")) return failure;
  return `${failure}\nAnother session keeps a table locked, perhaps a transaction left open in an editor. End it and try again.`;
}

function failureIn(stdout: string, said: readonly string[]): string {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  try {
    return failureShape.parse(JSON.parse(last)).error.message;
  } catch {
    const noise =
      /^(Target:|Confirmed by|Connecting to|Applying migration|Seeding data|Resetting|Try rerunning|WARN:)/;
    return [...said, ...stdout.split("\n")].filter((line) => line.trim() !== "" && !noise.test(line)).join(
      "\n",
    );
  }
}
