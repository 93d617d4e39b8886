import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { migrationsHash } from "../migrations-hash.ts";
import type { MutationServer } from "../database.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { VoidRun } from "../void-run.ts";

/** Runs the tests in which one connection waits for another. */
export interface Races {
  /** What they say about a mutant; null when all of them pass. */
  try(mutant: Mutant): Promise<{ file: string; message: string } | null>;
}

const reportShape = z.object({
  testResults: z.array(z.object({
    name: z.string(),
    status: z.string(),
    message: z.string(),
    assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
  })),
});

/**
 * Prepares the tests in TypeScript in which one connection waits for another: what one connection cannot
 * notice, such as a lock, they can.
 *
 * @param server - server with the template
 * @param root - the root of the repository
 * @param signal - ends a run that is under way
 * @returns the tests, having passed without any mutant
 * @throws VoidRun when they fail without any mutant, or when there are none
 */
export async function prepareRaces(server: MutationServer, root: string, signal: AbortSignal): Promise<Races> {
  const files = listRaces(root);
  const failure = await runRaces(server, root, files, null, signal);
  if (failure !== null || files.length === 0) {
    throw new VoidRun("The tests with two connections do not pass without any mutant.", [failure?.message ?? "There are none."]);
  }
  return { try: (mutant) => runRaces(server, root, files, mutant, signal) };
}

function listRaces(root: string): string[] {
  return readdirSync(path.join(root, "tests"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join("tests", file))
    .filter((file) => readFileSync(path.join(root, file), "utf8").includes(".waitsFor("));
}

async function runRaces(
  server: MutationServer, root: string, files: readonly string[], mutant: Mutant | null, signal: AbortSignal,
): Promise<{ file: string; message: string } | null> {
  // Where the helper of the tests looks for a database with all migrations before it makes one.
  const addresses = await server.publish(`mig_all_${migrationsHash().slice(0, 12)}`, mutant?.sql ?? "");
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-races-"));
  try {
    const stack = path.join(folder, "stack.json");
    writeFileSync(stack, JSON.stringify({ ...addresses, template: "template1" }));
    const report = path.join(folder, "report.json");
    const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
    const child = spawn(
      process.execPath,
      [vitest, "run", ...files, "--bail=1", "--reporter=json", `--outputFile=${report}`],
      { cwd: root, env: { ...process.env, ROWHOUSE_STACK_FILE: stack }, stdio: "ignore", signal },
    );
    await new Promise<void>((resolve, reject) => child.once("close", () => resolve()).once("error", reject));
    const { testResults } = reportShape.parse(JSON.parse(readFileSync(report, "utf8")));
    const failed = testResults.find(({ status }) => status !== "passed");
    if (failed === undefined) return null;
    const test = failed.assertionResults.find(({ status }) => status === "failed");
    return { file: path.relative(root, failed.name), message: test?.fullName ?? failed.message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
