import { readFileSync } from "node:fs";
import path from "node:path";
import { hasCode } from "../lib/stack-error.ts";
import { MigrateError } from "../migrate/migrate-error.ts";
import { projectDir } from "../migrate/migration-files.ts";
import { connect, type Target } from "../migrate/target.ts";
import { migrationsHash } from "../migrate/migrations-hash.ts";
import { SCORE_FILE } from "../mutation/score.ts";
import { accessPage } from "./access-page.ts";
import { listDefinerFunctions } from "./definer-functions.ts";
import { type GeneratedFile, readGenerated } from "./generated-file.ts";
import { fillBlocks } from "./marked-blocks.ts";
import { describeMutationScore } from "./mutation-score.ts";

/** docs/SECURITY.md: written by hand, but for the blocks that follow from the database and from what was measured. */
export const securityPage: GeneratedFile = {
  path: path.join(projectDir, "docs", "SECURITY.md"),
  command: "npm run security",
  generate: generateSecurityPage,
};

async function generateSecurityPage(target: Target): Promise<string> {
  const sql = connect(target);
  try {
    return fillBlocks(
      readGenerated(securityPage),
      securityPage.command,
      new Map([
        ["isolation matrix", readMatrixSummary()],
        ["mutation score", describeMutationScore(readScore(), migrationsHash())],
        ["definer functions", await listDefinerFunctions(sql)],
      ]),
    );
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The matrix is executed for the page of access, which says how many cells it had. */
function readMatrixSummary(): string {
  const [summary] = /^\d+ cells:[^]*?\.$/m.exec(readGenerated(accessPage)) ?? [];
  if (summary === undefined) throw new MigrateError("bad_file", `${accessPage.path} does not count its cells.`);
  return summary;
}

/** Written by the mutation run when it is told to record. */
function readScore(): string | null {
  try {
    return readFileSync(SCORE_FILE, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}
