import type { Mutant } from "../mutants/mutant.ts";
import type { FileRun, CandidateResult } from "../suite/session.ts";
import type { Baseline } from "./baseline.ts";
import type { Docket } from "./docket.ts";
import { type Finding, searchGroups } from "./group-search.ts";
import type { Pool } from "./pool.ts";

/** What the ways to judge share. */
export interface Court {
  readonly pool: Pool;
  readonly baseline: Baseline;
  readonly docket: Docket;
}

/**
 * Tries each mutant by itself on one file, which is set up once.
 *
 * @param court - where to look and what to compare with
 * @param run - the file
 * @param mutants - mutants that do not matter to what operators set up
 */
export async function tryEach({ pool, baseline, docket }: Court, run: FileRun, mutants: readonly Mutant[]): Promise<void> {
  if (mutants.length === 0 || !await baseline.passes(run)) return;
  await pool.use(async (session) => {
    let place = 0;
    for await (const result of session.runCandidates(run, mutants.map((mutant) => [mutant]))) {
      const mutant = mutants[place];
      place += 1;
      if (mutant === undefined) continue;
      if (result.outcome === "stillborn") docket.stillborn(mutant, result.message);
      else if (findingOf(result) === "noticed") docket.noticed(mutant, run.file, messageOf(result));
      else docket.unnoticed(mutant, run.file);
    }
  });
}

/**
 * Finds on one file, which is set up once, those of many mutants that it notices.
 *
 * @param court - where to look and what to compare with
 * @param run - the file
 * @param mutants - mutants that can be made together and do not matter to what operators set up
 */
export async function search({ pool, baseline, docket }: Court, run: FileRun, mutants: readonly Mutant[]): Promise<void> {
  if (mutants.length === 0 || !await baseline.passes(run)) return;
  let message = "";
  const groups = searchGroups(mutants, (mutant, finding) => {
    if (finding === "stillborn") docket.stillborn(mutant, message);
    else if (finding === "noticed") docket.noticed(mutant, run.file, message);
    else docket.unnoticed(mutant, run.file);
  });
  await pool.use(async (session) => {
    for await (const result of session.runCandidates(run, groups)) {
      message = messageOf(result);
      groups.answer(findingOf(result));
    }
  });
}

function findingOf(result: CandidateResult): Finding {
  if (result.outcome === "stillborn") return "stillborn";
  return result.failure === null ? "nothing" : "noticed";
}

function messageOf(result: CandidateResult): string {
  return (result.outcome === "stillborn" ? result.message : result.failure) ?? "";
}
