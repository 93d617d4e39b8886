import { writeFileSync } from "node:fs";
import path from "node:path";
import { listMigrations, projectDir } from "../migrate/migration-files.ts";
import { migrationsHash } from "../migrate/migrations-hash.ts";
import type { RunReport } from "./mutation-run.ts";

/** Where the score of the last recorded run is kept. */
export const SCORE_FILE = path.join(import.meta.dirname, "score.json");

/**
 * Keeps the score of a whole run.
 *
 * @param report - what the run found
 * @param seconds - how long it took
 */
export function recordScore(report: RunReport, seconds: number): void {
  const round = (share: number): number => Math.round(share * 10_000) / 10_000;
  const score = {
    migrations: listMigrations(projectDir).length,
    migrations_sha256: migrationsHash(),
    kinds: Object.fromEntries([...report.kinds].filter(([, { made }]) => made > 0)),
    total: report.total,
    behaviour_score: round(report.behaviourScore),
    score: round(report.score),
    controls: report.controls.length,
    seconds,
  };
  writeFileSync(SCORE_FILE, `${JSON.stringify(score, null, 2)}\n`);
}
