import type { FileRun, Session, SetResult } from "../suite/session.ts";
import type { TestFile, TestSuite } from "../suite/test-file.ts";
import { VoidRun } from "../void-run.ts";
import type { Pool } from "./pool.ts";
import { portionsOf } from "./portions.ts";

// So many times what the file in the middle takes: the same on a slow machine as on a fast one.
const QUICK = 4;
// All of them are one transaction, whose time stands still while the clock goes on: not for longer than a test bears.
const FILES_AT_ONCE = 16;

/** The suite as it is without any mutant. */
export interface Baseline {
  /** Whether it passes. A part of the matrix that does not says nothing about a mutant either; it is run once and remembered. */
  passes(run: FileRun): Promise<boolean>;
  /** Whether a file's own statements call a function, or read or write a table. */
  uses(file: TestFile, name: string): boolean;
  /** Whether the cast uses it: then any file may notice a change of it. */
  isUsedByCast(name: string): boolean;
  /** How many things a file uses: the fewer, the more it is about each. */
  breadth(file: TestFile): number;
  /** Whether a test of a file has a name in its description. */
  names(file: TestFile, name: string): boolean;
  /** Whether a file takes no longer than most. */
  isQuick(file: TestFile): boolean;
  /** How long a file takes. */
  ms(file: TestFile): number;
}

/**
 * Runs all files once, and notes what passes and what each of them uses.
 *
 * @param suite - the tests
 * @param pool - where to run them
 * @returns what to compare with
 * @throws VoidRun when a file fails
 */
export async function recordBaseline(suite: TestSuite, pool: Pool): Promise<Baseline> {
  const observed = await Promise.all(portionsOf(suite.files, FILES_AT_ONCE).map((files) => observe(pool, files)));
  const results = observed.flatMap((each) => each.results);
  const usedByCast = new Set(observed.flatMap((each) => each.usedByCast));
  const failures = results.filter(({ failure }) => failure !== null);
  if (failures.length > 0) {
    throw new VoidRun(
      "The suite fails without any mutant.",
      failures.map(({ run, failure }) => `${run.file.name}: ${failure ?? ""}`),
    );
  }
  const found = new Map(results.map((each) => [each.run.file, { ...each, uses: new Set(each.uses) }]));
  const ms = (file: TestFile): number => found.get(file)?.ms ?? 0;
  const middle = suite.files.map(ms).sort((a, b) => a - b)[Math.floor(suite.files.length / 2)] ?? 0;
  const parts = new Map<string, Promise<boolean>>();
  return {
    passes: async (run) => {
      if (run.part === null) return true;
      const key = `${run.file.name} ${run.part.about} ${run.part.role}`;
      const known = parts.get(key) ?? pool.use((session) => partPasses(session, run));
      parts.set(key, known);
      return known;
    },
    uses: (file, name) => found.get(file)?.uses.has(name) ?? false,
    isUsedByCast: (name) => usedByCast.has(name),
    breadth: (file) => found.get(file)?.uses.size ?? 0,
    names: (file, name) => found.get(file)?.passed.some((line) => line.split(/[\s(]/).includes(name)) ?? false,
    isQuick: (file) => ms(file) <= QUICK * middle,
    ms,
  };
}

async function observe(pool: Pool, files: readonly TestFile[]): Promise<Extract<SetResult, { outcome: "ran" }>> {
  return pool.use(async (session) => {
    await session.trackFunctions();
    const result = await session.runFiles([], files.map((file) => ({ file, part: null })), { all: true, observe: true });
    if (result.outcome !== "ran") throw new Error("A run without mutants cannot be stillborn.");
    return result;
  });
}

async function partPasses(session: Session, run: FileRun): Promise<boolean> {
  const result = await session.runFiles([], [run]);
  return result.outcome === "ran" && result.results.every(({ failure }) => failure === null);
}
