import type { Mutant } from "../mutants/mutant.ts";
import type { FileRun } from "../suite/session.ts";
import { canNotice } from "./can-notice.ts";
import type { Court } from "./late.ts";

/**
 * Makes one mutant, then the cast, and runs files until one notices.
 *
 * @param court - where to look and what to compare with
 * @param mutant - the mutant
 * @param runs - the files, the most promising first
 */
export async function tryOne({ pool, baseline, docket }: Court, mutant: Mutant, runs: readonly FileRun[]): Promise<void> {
  const able: FileRun[] = [];
  for (const run of runs) if (await baseline.passes(run)) able.push(run);
  const result = await pool.use((session) => session.runFiles([mutant], able));
  if (result.outcome === "stillborn") {
    docket.stillborn(mutant, result.message);
    return;
  }
  const last = result.results.at(-1);
  if (last !== undefined && last.failure !== null) docket.noticed(mutant, last.run.file, last.failure);
}

/**
 * Makes mutants together, then the cast, and runs files; one that notices is run again on those it has to do
 * with and on either half of these, down to single mutants.
 *
 * @param court - where to look and what to compare with
 * @param mutants - mutants that can be made together
 * @param runs - the files
 */
export async function searchTogether(court: Court, mutants: readonly Mutant[], runs: readonly FileRun[]): Promise<void> {
  const { pool, baseline, docket } = court;
  const [mutant] = mutants;
  if (mutant === undefined || runs.length === 0) return;
  const result = await pool.use((session) => session.runFiles(mutants, runs, { all: true }));
  const isSingle = mutants.length === 1;
  if (result.outcome === "stillborn" && isSingle) docket.stillborn(mutant, result.message);
  const noticing = result.outcome === "ran" ? result.results.filter(({ failure }) => failure !== null) : [];
  const [first] = noticing;
  if (isSingle && first !== undefined) docket.noticed(mutant, first.run.file, first.failure ?? "");
  if (isSingle) return;
  if (result.outcome === "stillborn") {
    await searchHalves(court, mutants, runs);
    return;
  }
  for (const { run } of noticing) {
    const open = docket.open(mutants);
    const likely = open.filter((each) => canNotice(baseline, each, run.file));
    if (likely.length < open.length) await searchTogether(court, likely, [run]);
    // It may have been one that the file does not seem to have to do with.
    if (docket.open(open).length === open.length) await searchHalves(court, open, [run]);
  }
}

async function searchHalves(court: Court, mutants: readonly Mutant[], runs: readonly FileRun[]): Promise<void> {
  const middle = Math.ceil(mutants.length / 2);
  await Promise.all([mutants.slice(0, middle), mutants.slice(middle)].map((half) => searchTogether(court, half, runs)));
}
