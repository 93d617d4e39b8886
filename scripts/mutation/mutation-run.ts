import { projectDir } from "../migrate/migration-files.ts";
import { type MutationServer, startMutationServer } from "./database.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { recordBaseline } from "./judge/baseline.ts";
import { judge } from "./judge/judge.ts";
import { openPool } from "./judge/pool.ts";
import { prepareTypescriptTests } from "./judge/typescript-tests.ts";
import type { Verdict } from "./judge/verdict.ts";
import { type Mutants, readMutants } from "./mutants/all-mutants.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { addUp, type Outcome } from "./outcome.ts";
import { showProgress } from "./report/progress.ts";
import { readSuite } from "./suite/test-file.ts";
import { VoidRun } from "./void-run.ts";

/** What a run is to do. */
export interface RunOptions {
  /** Only mutants whose id contains this text. */
  readonly only: string;
  /** How many databases are worked on side by side. */
  readonly workers: number;
  readonly signal: AbortSignal;
}

/** What a run did. */
export interface RunReport extends Outcome {
  /** The changes that change nothing; all of them went through the whole suite unnoticed. */
  readonly controls: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Lists the mutants of the schema.
 *
 * @returns the mutants and the controls
 */
export async function listMutants(): Promise<Mutants> {
  return withServer(({ catalogue }) => readMutants(catalogue));
}

/**
 * Makes every mutant of the schema and finds out which tests notice it.
 *
 * @param options - see RunOptions
 * @returns what was found
 * @throws VoidRun when the suite fails without a mutant or notices a control
 */
export async function runMutation({ only, workers, signal }: RunOptions): Promise<RunReport> {
  return withServer(async (server) => {
    const { mutants, controls } = await readMutants(server.catalogue);
    const chosen = mutants.filter(({ id }) => id.includes(only));
    const suite = readSuite(projectDir);
    const pool = openPool(server, suite.cast, workers, signal);
    const progress = showProgress(chosen.length + controls.length);
    try {
      const baseline = await recordBaseline(suite, pool);
      // They wait more than they work.
      const typescriptTests = await prepareTypescriptTests(server, projectDir, 2 * workers, signal);
      const all = [...chosen, ...controls];
      const isReviewed = ({ id }: Mutant): boolean => Object.hasOwn(EQUIVALENT, id);
      const verdicts = await judge({ mutants: all, isReviewed, suite, baseline, pool, typescriptTests, onProgress: progress.tell });
      const noticed = verdicts.filter(({ mutant, by }) => mutant.isControl === true && by !== "nothing");
      if (noticed.length > 0) {
        throw new VoidRun(
          "Changes that change nothing are noticed, so what is noticed means nothing.",
          noticed.map(({ mutant, by, file, message }) => `${mutant.id}: ${file ?? by}: ${message ?? ""}`),
        );
      }
      const ofMutants = verdicts.filter(({ mutant }) => mutant.isControl !== true);
      const reviewed = Object.fromEntries(Object.entries(EQUIVALENT).filter(([id]) => id.includes(only)));
      return { ...addUp(ofMutants, reviewed, mutants), controls: controls.map(({ id }) => id), verdicts: ofMutants };
    } finally {
      progress.end();
      await pool.close();
    }
  });
}

async function withServer<T>(work: (server: MutationServer) => Promise<T>): Promise<T> {
  const server = await startMutationServer();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}
