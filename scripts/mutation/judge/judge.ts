import type { Mutant, MutantKind } from "../mutants/mutant.ts";
import type { FileRun } from "../suite/session.ts";
import type { Level, TestFile, TestSuite } from "../suite/test-file.ts";
import type { Baseline } from "./baseline.ts";
import { canNotice } from "./can-notice.ts";
import { disjointGroups } from "./disjoint.ts";
import { createDocket } from "./docket.ts";
import { searchTogether, tryOne } from "./early.ts";
import { type Court, search, tryEach } from "./late.ts";
import type { Pool } from "./pool.ts";
import { portionsOf } from "./portions.ts";
import { createRanking, type Ranking } from "./ranking.ts";
import type { TypescriptTests } from "./typescript-tests.ts";
import type { Verdict } from "./verdict.ts";

/** What to judge, and with what. */
export interface Trial {
  readonly mutants: readonly Mutant[];
  /** Whether a mutant is known to change nothing: it is spared the slow tests. */
  readonly isReviewed: (mutant: Mutant) => boolean;
  readonly suite: TestSuite;
  readonly baseline: Baseline;
  readonly pool: Pool;
  readonly typescriptTests: TypescriptTests;
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
// What the catalogue says outright: a right that is there, how a function is run.
const CATALOGUED: ReadonlySet<MutantKind> = new Set<MutantKind>([
  "grant on a relation",
  "grant on columns",
  "grant on a function",
  "grant on a schema",
  "function: rights",
]);
const FIRST_FILES = { late: 4, early: 10 };
// Mutants and cast are made once for so many files.
const FILES_AT_ONCE = 16;
// From so many on, asking about each mutant by itself costs less than halving groups.
const WORTH_ASKING_EACH = 0.4;

/**
 * Finds out which tests notice which mutants: first, of rights, the rules over the catalogue, which tell hundreds
 * in a second; then those that have most to do with a mutant, by itself; then all others, with many mutants made
 * together, halved where something is noticed; slow tests come last. What nothing notices, and nobody reviewed, has been
 * before every test that could.
 *
 * @param trial - the mutants and the tests
 * @returns a verdict for each mutant, in their order
 */
export async function judge({ mutants, isReviewed, suite, baseline, pool, typescriptTests, onProgress }: Trial): Promise<Verdict[]> {
  const ranking = createRanking(baseline);
  const docket = createDocket(ranking);
  const court = { pool, baseline, docket };
  const late = mutants.filter(({ kind }) => LATE.has(kind));
  const early = mutants.filter(({ kind }) => !LATE.has(kind));
  const behaviour = ofLevel(suite, "behaviour", "constraints", "matrix");
  const tell = (stage: string) => (): void => onProgress(stage, docket.count());

  const structure = ofLevel(suite, "structure");
  await searchFamilies(court, ranking, late.filter(({ kind }) => CATALOGUED.has(kind)), structure, tell("rights in the catalogue"));
  const subjects = groupsOf(docket.open(late), ({ subjects: [subject = ""] }) => subject);
  await eachOf(pool, subjects, (group) => tryFirst(court, ranking, suite, group), tell("subject by subject"));
  await eachOf(pool, early, (mutant) => {
    const about = behaviour.filter((file) => baseline.isQuick(file) && ranking.isRelevant(mutant, file));
    const first = ranking.sort(mutant, about).slice(0, FIRST_FILES.early).map((file) => ({ file, part: null }));
    const parts = (level: Level): FileRun[] => partsAbout(baseline, ofLevel(suite, level), mutant, null);
    // A function is asked about by the whole matrix later, with others.
    return tryOne(court, mutant, [...parts("constraints"), ...first, ...mutant.kind.startsWith("function") ? [] : parts("matrix")]);
  }, tell("mutant by mutant"));
  await searchLate(court, ranking, late.filter(({ kind }) => !CATALOGUED.has(kind)), structure, tell("structure"));
  await searchEarly(court, early, structure, tell("structure"));
  await searchLate(court, ranking, late, behaviour.filter(baseline.isQuick), tell("other behaviour"));
  await searchEarly(court, early, behaviour.filter(baseline.isQuick), tell("other behaviour"));
  await typescriptTests.tryEach(docket.open(early.filter(({ kind }) => kind.startsWith("function"))), (mutant, failure) => {
    if (failure !== null) docket.noticed(mutant, { name: failure.file, level: "behaviour" }, failure.message);
    tell("in TypeScript")();
  });
  // The whole matrix and its like, for what nothing else noticed.
  const slow = behaviour.filter((file) => !baseline.isQuick(file));
  const isInDoubt = (mutant: Mutant): boolean => !isReviewed(mutant);
  await searchLate(court, ranking, late.filter(isInDoubt), slow, tell("slow behaviour"));
  await searchEarly(court, early.filter(isInDoubt), slow, tell("slow behaviour"));
  return docket.close(mutants);
}

function ofLevel(suite: TestSuite, ...levels: Level[]): TestFile[] {
  return suite.files.filter(({ level }) => levels.includes(level));
}

// The quick files that have to do with a thing, and the part of the matrix that is about it.
async function tryFirst(court: Court, ranking: Ranking, suite: TestSuite, group: readonly Mutant[]): Promise<void> {
  const [mutant] = group;
  if (mutant === undefined) return;
  const quick = suite.files.filter((file) =>
    file.level === "behaviour" && court.baseline.isQuick(file) && ranking.isRelevant(mutant, file)
  );
  const first = ranking.sort(mutant, quick).slice(0, FIRST_FILES.late).map((file) => ({ file, part: null }));
  for (const run of first) await tryOrSearch(court, ranking, run, court.docket.open(group), 0);
  const roles = [...new Set(group.map(({ role = null }) => role))];
  const matrix = ofLevel(suite, "matrix");
  for (const run of roles.flatMap((role) => partsAbout(court.baseline, matrix, mutant, role))) {
    const open = court.docket.open(group).filter(({ role = null }) => role === run.part?.role);
    await tryOrSearch(court, ranking, run, open, 1);
  }
}

// One right more is seldom noticed, except by the matrix; what each file notices is learnt on the way.
async function tryOrSearch(
  court: Court, ranking: Ranking, run: FileRun, mutants: readonly Mutant[], expected: number,
): Promise<void> {
  const isWorthAsking = (mutant: Mutant): boolean =>
    mutant.replaces !== null || (ranking.yieldOf(mutant, run.file) ?? expected) >= WORTH_ASKING_EACH;
  await tryEach(court, run, mutants.filter(isWorthAsking));
  await search(court, run, mutants.filter((mutant) => !isWorthAsking(mutant)));
}

function partsAbout(baseline: Baseline, files: readonly TestFile[], { subjects: [about = ""] }: Mutant, role: string | null): FileRun[] {
  return files.filter((file) => baseline.names(file, about)).map((file) => ({ file, part: { about, role } }));
}

async function searchLate(
  court: Court, ranking: Ranking, mutants: readonly Mutant[], files: readonly TestFile[], tell: () => void,
): Promise<void> {
  for (const group of disjointGroups(court.docket.open(mutants))) {
    const [mutant] = group;
    const sorted = mutant === undefined ? [] : ranking.sort(mutant, files);
    await eachOf(court.pool, sorted, (file) => search(court, { file, part: null }, court.docket.open(group)), tell);
  }
}

async function searchEarly(
  court: Court, mutants: readonly Mutant[], files: readonly TestFile[], tell: () => void,
): Promise<void> {
  for (const group of disjointGroups(court.docket.open(mutants))) {
    await eachOf(court.pool, portionsOf(files, FILES_AT_ONCE), (portion) => {
      const able = court.docket.open(group).filter((mutant) => portion.some((file) => canNotice(court.baseline, mutant, file)));
      return searchTogether(court, able, portion.map((file) => ({ file, part: null })));
    }, tell);
  }
}

// What notices one of a family mostly notices all of it: then each is tried by itself at once.
async function searchFamilies(
  court: Court, ranking: Ranking, mutants: readonly Mutant[], files: readonly TestFile[], tell: () => void,
): Promise<void> {
  const families = groupsOf(court.docket.open(mutants), ({ kind, family = kind }) => family);
  await eachOf(court.pool, families.flatMap(disjointGroups), async (group) => {
    const [mutant] = group;
    for (const file of mutant === undefined ? [] : ranking.sort(mutant, files)) {
      const open = court.docket.open(group);
      if (mutant === undefined || open.length === 0) return;
      const isWorthAskingEach = (ranking.yieldOf(mutant, file) ?? 0) >= WORTH_ASKING_EACH;
      await (isWorthAskingEach ? tryEach : search)(court, { file, part: null }, open);
    }
  }, tell);
}

function groupsOf(mutants: readonly Mutant[], keyOf: (mutant: Mutant) => string): Mutant[][] {
  const groups = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const key = keyOf(mutant);
    groups.set(key, [...(groups.get(key) ?? []), mutant]);
  }
  return [...groups.values()];
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
