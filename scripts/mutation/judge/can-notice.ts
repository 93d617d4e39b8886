import type { Mutant } from "../mutants/mutant.ts";
import { wordsFor } from "../mutants/names.ts";
import type { TestFile } from "../suite/test-file.ts";
import type { Baseline } from "./baseline.ts";

/**
 * Whether a file can notice a mutant at all. A function that neither the file nor the cast calls, and a
 * table that the file does not touch, may be changed in any way without it; a test of structure reads the
 * catalogue and can notice anything, and so can any test a right that nobody held.
 *
 * @param baseline - what each file uses
 * @param mutant - the mutant
 * @param file - the file
 * @returns false only when the file cannot
 */
export function canNotice(baseline: Baseline, mutant: Mutant, file: TestFile): boolean {
  const [subject = "", ...others] = mutant.subjects;
  if (file.level === "structure") return true;
  switch (mutant.kind) {
    case "function: condition":
    case "function: step":
    case "function: role":
    case "function: lock":
      // A call that ends in an error is counted by nobody.
      return baseline.uses(file, subject) || baseline.isUsedByCast(subject) ||
        wordsFor(subject).some((word) => file.words.has(word));
    case "trigger":
      return baseline.uses(file, subject) || others.some((runs) => baseline.isUsedByCast(runs));
    case "foreign key":
    case "unique key":
    case "check":
      return mutant.subjects.some((relation) => baseline.uses(file, relation));
    default:
      return true;
  }
}
