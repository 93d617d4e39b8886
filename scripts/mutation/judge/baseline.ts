import type { FileRun, RunResult, Session } from "../suite/session.ts";
import type { TestFile, TestSuite } from "../suite/test-file.ts";
import { VoidRun } from "../void-run.ts";
import type { Pool } from "./pool.ts";

/** The suite as it is without any mutant. */
export interface Baseline {
  /**
   * Tests that pass when a file runs. A limited run is made once and remembered; null when it fails, as one
   * that has nothing to look at may: then it says nothing about a mutant either.
   */
  passed(run: FileRun): Promise<number | null>;
  /** Whether a file's own statements call a function, or read or write a table. */
  uses(file: TestFile, name: string): boolean;
  /** How many things a file uses: the fewer, the more it is about each. */
  breadth(file: TestFile): number;
  /** Whether a test of a file has a name in its description. */
  names(file: TestFile, name: string): boolean;
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
  const halves = [0, 1].map((half) => suite.files.filter((_, place) => place % 2 === half));
  const results = (await Promise.all(halves.map((files) => observe(pool, files)))).flat();
  const failures = results.filter(({ failure }) => failure !== null);
  if (failures.length > 0) {
    throw new VoidRun(
      "The suite fails without any mutant.",
      failures.map(({ file, failure }) => `${file.name}: ${failure ?? ""}`),
    );
  }
  const found = new Map(results.map((each) => [each.file, { ...each, uses: new Set(each.uses) }]));
  const limited = new Map<string, Promise<number | null>>();
  return {
    passed: async (run) => {
      if (run.only === "") return found.get(run.file)?.passed ?? null;
      const key = `${run.file.name} ${run.only}`;
      const known = limited.get(key) ?? pool.use((session) => runLimited(session, run));
      limited.set(key, known);
      return known;
    },
    uses: (file, name) => found.get(file)?.uses.has(name) ?? false,
    breadth: (file) => found.get(file)?.uses.size ?? 0,
    names: (file, name) => found.get(file)?.lines.some((line) => line.split(/[\s(]/).includes(name)) ?? false,
    ms: (file) => found.get(file)?.ms ?? 0,
  };
}

async function observe(pool: Pool, files: readonly TestFile[]): Promise<readonly RunResult[]> {
  return pool.use(async (session) => {
    await session.trackFunctions();
    const result = await session.runFiles([], files.map((file) => ({ file, only: "" })), { all: true, observe: true });
    if (result.outcome !== "ran") throw new Error("A run without mutants cannot be stillborn.");
    return result.results;
  });
}

async function runLimited(session: Session, run: FileRun): Promise<number | null> {
  const result = await session.runFiles([], [run]);
  const [only] = result.outcome === "ran" ? result.results : [];
  return only === undefined || only.failure !== null ? null : only.passed;
}
