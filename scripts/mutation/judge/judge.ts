import type { Mutant, MutantKind } from "../mutants/mutant.ts";
import type { FileRun } from "../suite/session.ts";
import type { Level, TestFile, TestSuite } from "../suite/test-file.ts";
import type { Baseline } from "./baseline.ts";
import { disjointGroups } from "./disjoint.ts";
import { createDocket } from "./docket.ts";
import { searchTogether, tryOne } from "./early.ts";
import { type Court, search, tryEach } from "./late.ts";
import type { Pool } from "./pool.ts";
import { createRanking, type Ranking } from "./ranking.ts";
import type { Verdict } from "./verdict.ts";

/** What to judge, and with what. */
export interface Trial {
  readonly mutants: readonly Mutant[];
  readonly suite: TestSuite;
  readonly baseline: Baseline;
  readonly pool: Pool;
  /** Told where the work stands. */
  readonly onProgress: (stage: string, judged: number) => void;
}

// What operators set up does not depend on these, so they can be made after it.
const LATE: ReadonlySet<MutantKind> = new Set<MutantKind>([
  "policy",
  "row security",
  "grant on a relation",
  "grant on columns",
  "grant on a function",
  "grant on a schema",
  "function: rights",
  "view",
]);
const QUICK_MS = 200;
const FIRST_FILES = { late: 8, early: 16 };

/**
 * Finds out which tests notice which mutants. Behaviour is asked before structure: first the tests that
 * have most to do with a mutant, by itself; then all others, with many mutants made together, halved where
 * something is noticed. What nothing notices has been before the whole suite.
 *
 * @param trial - the mutants and the tests
 * @returns a verdict for each mutant, in their order
 */
export async function judge({ mutants, suite, baseline, pool, onProgress }: Trial): Promise<Verdict[]> {
  const ranking = createRanking(baseline);
  const docket = createDocket(ranking);
  const court = { pool, baseline, docket };
  const late = mutants.filter(({ kind }) => LATE.has(kind));
  const early = mutants.filter(({ kind }) => !LATE.has(kind));
  const ofLevel = (...levels: Level[]): TestFile[] => suite.files.filter(({ level }) => levels.includes(level));
  const behaviour = ofLevel("behaviour", "matrix");
  const tell = (stage: string) => (): void => onProgress(stage, docket.count());

  await eachOf(pool, subjectsOf(late), (group) => tryFirst(court, ranking, suite, group), tell("subject by subject"));
  await eachOf(pool, early, async (mutant) => {
    await tryOne(court, mutant, firstRuns(ranking, baseline, suite, mutant, FIRST_FILES.early));
  }, tell("mutant by mutant"));
  for (const [stage, files] of [["all behaviour", behaviour], ["structure", ofLevel("structure")]] as const) {
    for (const group of disjointGroups(docket.open(late))) {
      const [mutant] = group;
      if (mutant === undefined) continue;
      const sorted = ranking.sort(mutant, files);
      await eachOf(pool, sorted, (file) => search(court, { file, only: "" }, docket.open(group)), tell(stage));
    }
    for (const group of disjointGroups(docket.open(early))) {
      await eachOf(pool, portions(files, baseline, pool.size), (part) =>
        searchTogether(court, group, part.map((file) => ({ file, only: "" }))), tell(stage));
    }
  }
  return docket.close(mutants);
}

async function tryFirst(court: Court, ranking: Ranking, suite: TestSuite, group: readonly Mutant[]): Promise<void> {
  const [mutant] = group;
  if (mutant === undefined) return;
  for (const run of firstRuns(ranking, court.baseline, suite, mutant, FIRST_FILES.late)) {
    const open = court.docket.open(group);
    await tryEach(court, run, open.filter(({ replaces }) => replaces !== null));
    // One right more among many is seldom noticed by a test.
    await search(court, run, open.filter(({ replaces }) => replaces === null));
  }
}

// The quick files that have to do with a mutant, and the part of the matrix that is about what it changes.
function firstRuns(
  ranking: Ranking, baseline: Baseline, suite: TestSuite, mutant: Mutant, count: number,
): FileRun[] {
  const quick = suite.files.filter((file) =>
    file.level === "behaviour" && baseline.ms(file) < QUICK_MS && ranking.isRelevant(mutant, file)
  );
  const matrix = mutant.subjects.flatMap((only) =>
    suite.files.filter((file) => file.level === "matrix" && baseline.names(file, only)).map((file) => ({ file, only }))
  );
  return [...ranking.sort(mutant, quick).slice(0, count).map((file) => ({ file, only: "" })), ...matrix];
}

function subjectsOf(mutants: readonly Mutant[]): Mutant[][] {
  const groups = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const [subject = ""] = mutant.subjects;
    groups.set(subject, [...(groups.get(subject) ?? []), mutant]);
  }
  return [...groups.values()];
}

// About as much work in each part.
function portions(files: readonly TestFile[], baseline: Baseline, count: number): TestFile[][] {
  const parts = Array.from({ length: count }, () => ({ files: [] as TestFile[], ms: 0 }));
  for (const file of [...files].sort((a, b) => baseline.ms(b) - baseline.ms(a))) {
    const part = parts.reduce((least, each) => (each.ms < least.ms ? each : least));
    part.files.push(file);
    part.ms += baseline.ms(file);
  }
  return parts.map((part) => part.files);
}

async function eachOf<T>(pool: Pool, items: readonly T[], work: (item: T) => Promise<void>, done: () => void): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: pool.size }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item);
      done();
    }
  }));
}
