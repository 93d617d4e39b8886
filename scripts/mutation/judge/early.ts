import type { Mutant } from "../mutants/mutant.ts";
import type { FileRun, RunResult } from "../suite/session.ts";
import type { Court } from "./late.ts";

/**
 * Makes one mutant, then the cast, and runs files until one notices.
 *
 * @param court - where to look and what to compare with
 * @param mutant - the mutant
 * @param runs - the files, the most promising first
 */
export async function tryOne({ pool, baseline, docket }: Court, mutant: Mutant, runs: readonly FileRun[]): Promise<void> {
  const expected = new Map<FileRun, number>();
  for (const run of runs) {
    const passed = await baseline.passed(run);
    if (passed !== null) expected.set(run, passed);
  }
  const result = await pool.use((session) => session.runFiles([mutant], [...expected.keys()]));
  if (result.outcome === "stillborn") {
    docket.stillborn(mutant, result.message);
    return;
  }
  const last = result.results.at(-1);
  if (last !== undefined && differs(last, expected)) docket.noticed(mutant, last.run.file, messageOf(last));
}

/**
 * Makes mutants together, then the cast, and runs files; one that notices is run again on either half,
 * down to single mutants.
 *
 * @param court - where to look and what to compare with
 * @param mutants - mutants that can be made together
 * @param runs - the files
 */
export async function searchTogether(court: Court, mutants: readonly Mutant[], runs: readonly FileRun[]): Promise<void> {
  const { pool, baseline, docket } = court;
  const [mutant] = mutants;
  if (mutant === undefined || runs.length === 0) return;
  const expected = new Map<FileRun, number>();
  for (const run of runs) expected.set(run, (await baseline.passed(run)) ?? 0);
  const result = await pool.use((session) => session.runFiles(mutants, runs, { all: true }));
  const isSingle = mutants.length === 1;
  if (result.outcome === "stillborn" && isSingle) docket.stillborn(mutant, result.message);
  const noticing = result.outcome === "ran" ? result.results.filter((each) => differs(each, expected)) : [];
  const [first] = noticing;
  if (isSingle && first !== undefined) docket.noticed(mutant, first.run.file, messageOf(first));
  const again = result.outcome === "stillborn" ? runs : noticing.map(({ run }) => run);
  if (isSingle || again.length === 0) return;
  const middle = Math.ceil(mutants.length / 2);
  await Promise.all([mutants.slice(0, middle), mutants.slice(middle)].map((half) => searchTogether(court, half, again)));
}

function differs({ run, failure, passed }: RunResult, expected: ReadonlyMap<FileRun, number>): boolean {
  return failure !== null || passed !== expected.get(run);
}

function messageOf({ failure, passed }: RunResult): string {
  return failure ?? `only ${passed} tests ran`;
}
