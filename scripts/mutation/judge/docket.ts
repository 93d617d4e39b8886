import type { Mutant } from "../mutants/mutant.ts";
import type { TestFile } from "../suite/test-file.ts";
import type { Ranking } from "./ranking.ts";
import type { Verdict } from "./verdict.ts";

/** Verdicts as they are found. */
export interface Docket {
  /** Those among some mutants that nothing has been found about. */
  open(mutants: readonly Mutant[]): Mutant[];
  /** A file was asked about a mutant by itself and noticed nothing. */
  unnoticed(mutant: Mutant, file: TestFile): void;
  /** A file noticed a mutant. The first to notice counts. */
  noticed(mutant: Mutant, file: Pick<TestFile, "name" | "level">, message: string): void;
  /** A mutant could not be made. */
  stillborn(mutant: Mutant, message: string): void;
  /** How many mutants something has been found about. */
  count(): number;
  /** The verdicts, in the order of the mutants. */
  close(mutants: readonly Mutant[]): Verdict[];
}

/**
 * Makes an empty docket.
 *
 * @param ranking - learns from every mutant noticed
 * @returns the docket
 */
export function createDocket(ranking: Ranking): Docket {
  const verdicts = new Map<string, Verdict>();
  const add = (verdict: Verdict): void => {
    if (!verdicts.has(verdict.mutant.id)) verdicts.set(verdict.mutant.id, verdict);
  };
  return {
    open: (mutants) => mutants.filter(({ id }) => !verdicts.has(id)),
    unnoticed: (mutant, file) => ranking.learn(mutant, file, false),
    noticed: (mutant, file, message) => {
      ranking.learn(mutant, file, true);
      add({ mutant, by: file.level, file: file.name, message });
    },
    stillborn: (mutant, message) => add({ mutant, by: "stillborn", file: null, message }),
    count: () => verdicts.size,
    close: (mutants) =>
      mutants.map((mutant) => verdicts.get(mutant.id) ?? { mutant, by: "nothing", file: null, message: null }),
  };
}
