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
  /** Whether a file is about a mutant: it names what is changed, uses little else, or noticed its like. */
  isRelevant(mutant: Mutant, file: TestFile): boolean;
  /** Share of the mutants of the same family that a file noticed; null while too few were tried. */
  yieldOf(mutant: Mutant, file: TestFile): number | null;
  /** A file was asked about a mutant by itself. */
  learn(mutant: Mutant, file: Pick<TestFile, "name">, noticed: boolean): void;
}

// What every file costs beside its own time.
const OVERHEAD_MS = 30;
const ENOUGH_TRIES = 4;
// A file that goes over the whole catalogue uses what is changed too, and is no more about it than about all else.
const RELEVANT = 4;

/**
 * Makes a ranking that has learnt nothing yet.
 *
 * @param baseline - what each file uses
 * @returns the ranking
 */
export function createRanking(baseline: Baseline): Ranking {
  const kills = new Map<string, number>();
  const tries = new Map<string, number>();
  const points = (mutant: Mutant, file: TestFile): number => {
    const [familyAndSubject, subject, family] = keysOf(mutant, file).map((key) => kills.get(key) ?? 0);
    return 50 * Math.min(familyAndSubject ?? 0, 4)
      + 25 * Math.min(subject ?? 0, 4)
      + 2 * Math.min(family ?? 0, 20)
      + Math.max(0, ...mutant.subjects.map((each) => namePoints(file, each)))
      + mutant.subjects.filter((each) => baseline.uses(file, each)).length * 40 / (1 + baseline.breadth(file));
  };
  return {
    isRelevant: (mutant, file) => points(mutant, file) >= RELEVANT,
    sort: (mutant, files) =>
      files.map((file) => ({ file, worth: points(mutant, file) / (baseline.ms(file) + OVERHEAD_MS) }))
        .sort((a, b) => b.worth - a.worth || (a.file.name < b.file.name ? -1 : 1))
        .map(({ file }) => file),
    yieldOf: (mutant, file) => {
      const [, , family] = keysOf(mutant, file);
      const tried = tries.get(family) ?? 0;
      return tried < ENOUGH_TRIES ? null : (kills.get(family) ?? 0) / tried;
    },
    learn: (mutant, file, noticed) => {
      for (const key of keysOf(mutant, file)) {
        tries.set(key, (tries.get(key) ?? 0) + 1);
        if (noticed) kills.set(key, (kills.get(key) ?? 0) + 1);
      }
    },
  };
}

function keysOf({ kind, family = kind, subjects }: Mutant, file: Pick<TestFile, "name">): [string, string, string] {
  const [subject = ""] = subjects;
  return [`${family} ${subject} ${file.name}`, `${subject} ${file.name}`, `${family} ${file.name}`];
}

function namePoints(file: TestFile, subject: string): number {
  const word = (subject.split(".").at(-1) ?? subject).replace(/\W/g, "");
  if (word === "" || !file.words.has(word)) return 0;
  return file.name.includes(word.replace(/s$/, "")) ? 60 : 30;
}
