import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import postgres from "postgres";
import { quietEnv } from "../lib/quiet-env.ts";
import { signalProcess } from "../lib/processes.ts";
import { hasCode, StackError } from "../lib/stack-error.ts";
import { readHistory } from "../migrate/history.ts";

/** What `applyMigrations` works on. */
export interface MigrationTarget {
  readonly rootDir: string;
  readonly dataDir: string;
  readonly dbPort: number;
  /** Aborted when the stack is told to stop meanwhile. */
  readonly signal: AbortSignal;
}

/**
 * The migrations a database lacks.
 *
 * @param files - names of the files in supabase/migrations
 * @param applied - versions in the database's history
 * @returns names of the files, in order
 */
export function pendingOf(files: readonly string[], applied: ReadonlySet<string>): string[] {
  // The CLI takes the digits before the first underscore as version and ignores other files.
  const versionOf = (name: string): string | undefined => /^(\d+)_.*\.sql$/.exec(name)?.[1];
  const isPending = (version: string | undefined): boolean => version !== undefined && !applied.has(version);
  return files.filter((name) => isPending(versionOf(name))).sort();
}

/**
 * Reads which migrations are pending.
 *
 * @param rootDir - folder that holds supabase/
 * @param dbUrl - the database
 * @returns names of the files, in order
 */
export async function readPendingMigrations(rootDir: string, dbUrl: string): Promise<string[]> {
  const files = sqlFilesIn(path.join(rootDir, "supabase", "migrations"));
  const sql = postgres(dbUrl, { max: 1, onnotice: () => undefined });
  try {
    const history = await readHistory(sql);
    return pendingOf(files, new Set(history.map(({ version }) => version)));
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/**
 * Whether there are seed files.
 *
 * @param rootDir - folder that holds supabase/
 * @returns true when supabase/seeds holds any
 */
export function hasSeeds(rootDir: string): boolean {
  return sqlFilesIn(path.join(rootDir, "supabase", "seeds")).length > 0;
}

/**
 * Applies the pending migrations, and the seeds when asked, with the Supabase CLI: the same program
 * and the same rules as on a hosted project.
 *
 * @param target - folders, port, signal
 * @param withSeeds - whether to run the seed files too
 * @throws StackError `migration_failed` with the CLI's message, or `aborted`
 */
export async function applyMigrations(target: MigrationTarget, withSeeds: boolean): Promise<void> {
  const cli = createRequire(import.meta.url).resolve("supabase/package.json");
  const program = path.join(path.dirname(cli), "dist", "supabase.js");
  const args = [program, "db", "push", "--workdir", target.rootDir, ...(withSeeds ? ["--include-seed"] : [])];
  const child = spawn(process.execPath, args, {
    cwd: target.rootDir,
    env: { ...quietEnv(target.dataDir), SUPABASE_DB_PORT: String(target.dbPort) },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const abort = (): void => {
    // The CLI is a program that calls another one: its whole group has to end.
    if (child.pid !== undefined) signalProcess(-child.pid, "SIGKILL");
  };
  target.signal.addEventListener("abort", abort, { once: true });
  let output = "";
  const collect = (chunk: Buffer): void => void (output += chunk.toString("utf8"));
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
  target.signal.removeEventListener("abort", abort);
  if (target.signal.aborted) throw new StackError("aborted", "Stopped while migrations were running.");
  if (code !== 0) {
    throw new StackError(
      "migration_failed",
      "A migration or seed failed; nothing of that file was kept.",
      readableOutput(output),
    );
  }
}

/**
 * The part of the CLI's output that says what went wrong.
 *
 * @param output - everything it printed
 * @returns without progress of what succeeded, hints about flags and empty lines
 */
export function readableOutput(output: string): string {
  const noise =
    /^(Connecting to|Initialising|Using |Skipping|Target:|Try rerunning|A new version|Do you want)/;
  const lines = output.split(/\r?\n/).map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "" && !noise.test(line.trim()))
    .slice(-30)
    .join("\n");
}

function sqlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".sql"));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
