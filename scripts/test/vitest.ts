import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import type { GroupResult, TestContext } from "./groups.ts";

const reportShape = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/**
 * Runs the vitest files against the running stack.
 *
 * @param context - the stack under test
 * @returns how many tests passed and failed; a file that did not load counts as one failure
 */
export async function runVitest(context: TestContext): Promise<GroupResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-report-"));
  const report = path.join(folder, "report.json");
  const program = path.join(context.rootDir, "node_modules", "vitest", "vitest.mjs");
  const filters = context.filter === "" ? [] : [context.filter];
  const child = spawn(
    process.execPath,
    [program, "run", ...filters, "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    {
      cwd: context.rootDir,
      stdio: "inherit",
      env: { ...process.env, ROWHOUSE_STACK_FILE: context.stackFile },
    },
  );
  const stop = (): void => void child.kill("SIGTERM");
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const { numPassedTests, numFailedTests, testResults } = reportShape.parse(JSON.parse(readFileSync(report, "utf8")));
    const unloaded = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
    const failed = numFailedTests + unloaded;
    // An error outside of any test fails the run too.
    return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } finally {
    context.signal.removeEventListener("abort", stop);
    rmSync(folder, { recursive: true, force: true });
  }
}
