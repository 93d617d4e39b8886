import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import type { Mutant } from "../mutants/mutant.ts";
import { failureOf, type FileResult, runStatements } from "./run-test-file.ts";
import type { TestFile } from "./test-file.ts";
import { observeUsage } from "./usage.ts";

/** A file to run. */
export interface FileRun {
  readonly file: TestFile;
  /** Which part of the matrix: about one object; null for the whole file. */
  readonly part: MatrixPart | null;
}

/** A part of the matrix. It stops at the first cell that differs from what is declared. */
export interface MatrixPart {
  /** The object, by its qualified name. */
  readonly about: string;
  /** A role that a right is granted to: then a few actors with that role suffice. Null for all actors. */
  readonly role: string | null;
}

/** How one file ended, how long it took and what it used, if that was to be observed. */
export interface RunResult extends FileResult {
  readonly run: FileRun;
  readonly ms: number;
  readonly uses: readonly string[];
}

/** What became of some mutants: a statement of theirs failed, or the files ran. */
export type SetResult =
  | { readonly outcome: "stillborn"; readonly message: string }
  | { readonly outcome: "ran"; readonly usedByCast: readonly string[]; readonly results: readonly RunResult[] };

/** What became of one candidate: a statement of it failed, or the file ran. */
export type CandidateResult = { readonly outcome: "stillborn"; readonly message: string } | ({ readonly outcome: "ran" } & FileResult);

/** Options of `Session.runFiles`. */
export interface RunOptions {
  /** Whether to go on after a file that failed. */
  readonly all?: boolean;
  /** Whether to note what the cast and each file use. */
  readonly observe?: boolean;
}

/** A connection to a clone. Whatever runs on it is one transaction that is taken back. */
export interface Session {
  /** Makes the mutants together, then loads the cast, then runs file after file from there. */
  runFiles(mutants: readonly Mutant[], runs: readonly FileRun[], options?: RunOptions): Promise<SetResult>;
  /**
   * Loads the cast and what a file sets up, then makes one candidate after the other, each with the tests
   * of the file behind it. For mutants that do not matter to what operators set up.
   */
  runCandidates(run: FileRun, candidates: Iterable<readonly Mutant[]>): AsyncGenerator<CandidateResult>;
  /** From now on, what is used can be observed. */
  trackFunctions(): Promise<void>;
  close(): Promise<void>;
}

const SETTINGS = "-c client_min_messages=warning -c statement_timeout=120s";
const STOP_AT_FIRST_CELL = readFileSync(path.join(import.meta.dirname, "stop-at-first-cell.sql"), "utf8");
const FEW_ACTORS = "delete from tests.actors as a where a.db_role <> $1 or not tests.tries_columns(a.name)";

/**
 * Opens a session.
 *
 * @param url - address of a clone, as superuser
 * @param cast - what every file begins with
 * @returns the session
 */
export async function openSession(url: string, cast: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url, options: SETTINGS });
  // A query that fails says so itself; a server that is stopped while nobody asks must not end the process.
  client.on("error", () => undefined);
  await client.connect();
  await actAsPostgres(client);
  return {
    runFiles: async (mutants, runs, options = {}) => {
      await client.query("begin");
      try {
        return await runFiles(client, cast, mutants, runs, options);
      } finally {
        await client.query("rollback");
      }
    },
    runCandidates: (run, candidates) => runCandidates(client, cast, run, candidates),
    trackFunctions: async () => {
      await client.query("reset session authorization; set track_functions = 'all'");
      await actAsPostgres(client);
    },
    close: () => client.end(),
  };
}

// The tests connect as postgres, which is no superuser; some mutants need one.
async function actAsPostgres(client: pg.Client): Promise<void> {
  await client.query("set session authorization postgres");
  await client.query("set search_path = \"$user\", public, extensions");
}

async function runFiles(
  client: pg.Client, cast: string, mutants: readonly Mutant[], runs: readonly FileRun[], { all = false, observe = false }: RunOptions,
): Promise<SetResult> {
  const fault = await make(client, mutants);
  if (fault !== null) return { outcome: "stillborn", message: fault };
  const castFailure = await failureOf(() => client.query(cast));
  if (castFailure !== null) {
    // Without the cast no file gets anywhere.
    const results = runs.map((run) => ({ run, passed: [], failure: `the cast: ${castFailure}`, ms: 0, uses: [] }));
    return { outcome: "ran", usedByCast: [], results: all ? results : results.slice(0, 1) };
  }
  await client.query("savepoint cast_is_there");
  const usage = observe ? await observeUsage(client) : null;
  const results: RunResult[] = [];
  for (const run of runs) {
    const started = performance.now();
    const fault = await failureOf(() => setUp(client, run));
    const result = fault === null ? await runTests(client, run) : { passed: [], failure: fault };
    await backTo(client, "cast_is_there");
    results.push({ run, ...result, ms: performance.now() - started, uses: (await usage?.next()) ?? [] });
    if (result.failure !== null && !all) break;
  }
  return { outcome: "ran", usedByCast: usage?.before ?? [], results };
}

async function* runCandidates(
  client: pg.Client, cast: string, run: FileRun, candidates: Iterable<readonly Mutant[]>,
): AsyncGenerator<CandidateResult> {
  await client.query("begin");
  try {
    await client.query(cast);
    await setUp(client, run);
    await client.query("savepoint set_up");
    for (const mutants of candidates) {
      const fault = await make(client, mutants);
      const result: CandidateResult = fault === null
        ? { outcome: "ran", ...await runTests(client, run) }
        : { outcome: "stillborn", message: fault };
      await backTo(client, "set_up");
      yield result;
    }
  } finally {
    await client.query("rollback");
  }
}

async function make(client: pg.Client, mutants: readonly Mutant[]): Promise<string | null> {
  for (const { sql, needsSuperuser = false } of mutants) {
    if (needsSuperuser) await client.query("reset session authorization");
    const fault = await failureOf(() => client.query(sql));
    if (fault !== null) return fault;
    if (needsSuperuser) await client.query("set session authorization postgres");
  }
  return null;
}

async function backTo(client: pg.Client, savepoint: string): Promise<void> {
  await client.query(`rollback to savepoint ${savepoint}`);
  // What outlives a transaction: the next file begins in a session like a new one.
  await client.query("deallocate all; select pg_advisory_unlock_all()");
}

async function setUp(client: pg.Client, { file, part }: FileRun): Promise<void> {
  if (part !== null) await client.query("select set_config('rowhouse.matrix_only', $1, true)", [part.about]);
  for (const statement of file.setup) await client.query(statement);
  if (part === null) return;
  await client.query(STOP_AT_FIRST_CELL);
  if (part.role !== null) await client.query(FEW_ACTORS, [part.role]);
}

// A part of the matrix lacks what other lines count: rights that are used, cells of every role.
function runTests(client: pg.Client, { file, part }: FileRun): Promise<FileResult> {
  return runStatements(client, file.tests, part === null ? "lines" : "errors");
}
