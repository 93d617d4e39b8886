import type { Mutant } from "../mutants/mutant.ts";
import type { TestFile } from "../suite/test-file.ts";
import type { Baseline } from "./baseline.ts";

/** Which files to ask first about a mutant; learns from what they noticed. */
export interface Ranking {
  /**
   * Orders files: those that noticed mutants like this one come first, then those about its subject; of two
   * that promise the same, the quicker one.
   */
  sort(mutant: Mutant, files: readonly TestFile[]): TestFile[];
  /** Whether a file has to do with a mutant: it uses or names what is changed, or noticed its like. */
  isRelevant(mutant: Mutant, file: TestFile): boolean;
  /** A file noticed a mutant. */
  learn(mutant: Mutant, file: Pick<TestFile, "name">): void;
}

// What every file costs beside its own time.
const OVERHEAD_MS = 30;

/**
 * Makes a ranking that has learnt nothing yet.
 *
 * @param baseline - what each file uses
 * @returns the ranking
 */
export function createRanking(baseline: Baseline): Ranking {
  const kills = new Map<string, number>();
  const count = (key: string, file: Pick<TestFile, "name">): number => kills.get(`${key} ${file.name}`) ?? 0;
  const points = (mutant: Mutant, file: TestFile): number => {
    const [kindAndSubject, subject, kind] = keysOf(mutant);
    return 50 * Math.min(count(kindAndSubject, file), 4)
      + 25 * Math.min(count(subject, file), 4)
      + 2 * Math.min(count(kind, file), 20)
      + Math.max(0, ...mutant.subjects.map((each) => namePoints(file, each)))
      + mutant.subjects.filter((each) => baseline.uses(file, each)).length * 40 / (1 + baseline.breadth(file));
  };
  return {
    isRelevant: (mutant, file) => points(mutant, file) > 0,
    sort: (mutant, files) =>
      files.map((file) => ({ file, worth: points(mutant, file) / (baseline.ms(file) + OVERHEAD_MS) }))
        .sort((a, b) => b.worth - a.worth || (a.file.name < b.file.name ? -1 : 1))
        .map(({ file }) => file),
    learn: (mutant, file) => {
      for (const key of keysOf(mutant)) kills.set(`${key} ${file.name}`, count(key, file) + 1);
    },
  };
}

function keysOf({ kind, subjects }: Mutant): [string, string, string] {
  return [`${kind} ${subjects[0] ?? ""}`, subjects[0] ?? "", kind];
}

function namePoints(file: TestFile, subject: string): number {
  const word = (subject.split(".").at(-1) ?? subject).replace(/\W/g, "");
  if (word === "" || !file.words.has(word)) return 0;
  return file.name.includes(word.replace(/s$/, "")) ? 60 : 30;
}
