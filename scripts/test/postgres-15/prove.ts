import { spawn } from "node:child_process";
import path from "node:path";
import { cloneDatabase } from "../pgtap/clones.ts";
import type { GroupResult } from "../groups.ts";
import type { Postgres15 } from "./programs.ts";

/** Which files to prove, and where. */
export interface ProveOptions {
  readonly programs: Postgres15;
  /** The database with the migrations, as postgres; it is copied, never changed. */
  readonly url: string;
  readonly rootDir: string;
  /** Relative to `rootDir`. */
  readonly files: readonly string[];
  readonly signal: AbortSignal;
}

/** What pg_prove came to. */
export interface ProveResult extends GroupResult {
  /** What a person reads when something failed. */
  readonly output: string;
}

const JOBS = 2;
const MAX_REMARKS = 12;
const MAX_WIDTH = 240;
const SETTINGS = "-c client_min_messages=warning -c statement_timeout=600s";

/**
 * Runs pgTAP files through pg_prove, which reads them with psql. Each job has a copy of the
 * database: on one, the files would wait for each other, since all of them make the same schema.
 *
 * @param options - see ProveOptions
 * @returns counts and, for failures, what pg_prove said
 * @throws Error when the database cannot be copied
 */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  const { url, files } = options;
  const clones = await cloneDatabase(url, Math.max(1, Math.min(JOBS, files.length)));
  try {
    const count = clones.urls.length;
    const runs = await Promise.all(clones.urls.map((clone, job) =>
      runPgProve(options, clone, files.filter((_, place) => place % count === job))
    ));
    return {
      passed: runs.reduce((sum, { passed }) => sum + passed, 0),
      failed: runs.reduce((sum, { failed }) => sum + failed, 0),
      output: runs.filter(({ failed }) => failed > 0).map(({ output }) => output).join("\n"),
    };
  } finally {
    await clones.drop();
  }
}

async function runPgProve(
  { programs, rootDir, signal }: ProveOptions, url: string, files: readonly string[],
): Promise<ProveResult> {
  const { hostname, port, pathname, username, password } = new URL(url);
  const args = ["--norc", "--nocolor", "--nocount", "--failures", "--comments", "--psql-bin", programs.psql];
  args.push("-h", hostname, "-p", port, "-U", username, "-d", decodeURIComponent(pathname.slice(1)));
  const child = spawn(programs.pgProve, [...args, ...files.map((file) => path.join(rootDir, file))], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PGOPTIONS: SETTINGS, PGPASSWORD: password },
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  return readResult(output, code);
}

/**
 * Reads what pg_prove printed.
 *
 * @param output - all of it
 * @param code - its exit code
 * @returns counts; a file that broke without a failed test counts as one failure
 */
export function readResult(output: string, code: number | null): ProveResult {
  const ran = Number(/^Files=\d+, Tests=(\d+),/m.exec(output)?.[1] ?? 0);
  const reported = [...output.matchAll(/\(Wstat: .*? Tests: \d+ Failed: (\d+)\)/g)].map(([, count]) => Number(count));
  const failedTests = reported.reduce((sum, count) => sum + count, 0);
  let failed = code === 0 ? 0 : reported.reduce((sum, count) => sum + Math.max(count, 1), 0);
  // It can fail as a whole as well: no database, no file, no test.
  if (failed === 0 && (code !== 0 || ran === 0)) failed = 1;
  return { passed: ran - failedTests, failed, output: shorten(output) };
}

// What failed, as far as a person reads: a wrong catalogue query can name every row.
function shorten(output: string): string {
  let remarks = 0;
  return output.split("\n").filter((line) => {
    remarks = line.startsWith("#") ? remarks + 1 : 0;
    return remarks <= MAX_REMARKS && !/ \.\.+ ok$/.test(line);
  }).map((line) => (line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH)} ...` : line)).join("\n").trim();
}
