import type { Verdict } from "./judge/verdict.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { MUTANT_KINDS, type MutantKind } from "./mutants/mutant.ts";

/** How many mutants of a kind ended how. */
export interface Tally {
  readonly made: number;
  /** Noticed first by a test that does something and looks at what happens. */
  readonly behaviour: number;
  /** Noticed first by a test that looks at the catalogue, which rights are held against before anything is done. */
  readonly structure: number;
  readonly equivalent: number;
  readonly survived: number;
  /** Could not be made; not part of the score. */
  readonly stillborn: number;
}

/** What a run found. */
export interface Outcome {
  readonly kinds: ReadonlyMap<MutantKind, Tally>;
  readonly total: Tally;
  /** Share of the mutants that can be noticed which tests notice; from 0 to 1. */
  readonly score: number;
  /** The share that a test of behaviour is the first to notice. */
  readonly behaviourScore: number;
  readonly survivors: readonly Verdict[];
  readonly stillborn: readonly Verdict[];
  /** Entries of the reviewed list that are wrong: no such mutant, or a test notices it. */
  readonly staleReviews: readonly string[];
}

/**
 * Adds the verdicts up.
 *
 * @param verdicts - a verdict for each mutant
 * @param reviewed - mutants that are equivalent, with the reason
 * @param known - all mutants there are, also those that were not judged
 * @returns the outcome
 */
export function addUp(
  verdicts: readonly Verdict[], reviewed: Readonly<Record<string, string>>, known: readonly Mutant[],
): Outcome {
  const isReviewed = (verdict: Verdict): boolean => Object.hasOwn(reviewed, verdict.mutant.id);
  const tally = (some: readonly Verdict[]): Tally => {
    const count = (matches: (verdict: Verdict) => boolean): number => some.filter(matches).length;
    return {
      made: some.length,
      behaviour: count(({ by }) => by === "matrix" || by === "constraints" || by === "behaviour"),
      structure: count(({ by }) => by === "structure"),
      equivalent: count((verdict) => verdict.by === "nothing" && isReviewed(verdict)),
      survived: count((verdict) => verdict.by === "nothing" && !isReviewed(verdict)),
      stillborn: count(({ by }) => by === "stillborn"),
    };
  };
  const total = tally(verdicts);
  const countable = total.behaviour + total.structure + total.survived;
  const share = (part: number): number => (countable === 0 ? 1 : part / countable);
  const ids = new Set(known.map(({ id }) => id));
  return {
    kinds: new Map(MUTANT_KINDS.map((kind) => [kind, tally(verdicts.filter(({ mutant }) => mutant.kind === kind))])),
    total,
    behaviourScore: share(total.behaviour),
    score: share(total.behaviour + total.structure),
    survivors: verdicts.filter((verdict) => verdict.by === "nothing" && !isReviewed(verdict)),
    stillborn: verdicts.filter(({ by }) => by === "stillborn"),
    staleReviews: [
      ...Object.keys(reviewed).filter((id) => !ids.has(id)).map((id) => `${id}: there is no such mutant`),
      ...verdicts.filter((verdict) => isReviewed(verdict) && verdict.by !== "nothing")
        .map(({ mutant, by, file }) => `${mutant.id}: ${by === "stillborn" ? "cannot be made" : `noticed by ${file}`}`),
    ],
  };
}
