import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** How a group of checks went. */
export interface DenoResult {
  readonly passed: number;
  readonly failed: number;
  /** What a person reads when something failed: names, reasons, places. */
  readonly output: string;
}

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT_DIR = path.resolve(import.meta.dirname, "..", "..");
const FUNCTIONS_DIR = "supabase/functions";
const TIMEOUT_MS = 120_000;

/**
 * Runs the tests of the edge functions under Deno, without any permission: a test that reaches for
 * the network, a file or the environment fails.
 *
 * @param root - folder that holds deno.json; this repository when left out
 * @returns counts and output
 */
export async function runDenoTests(root = ROOT_DIR): Promise<DenoResult> {
  const { exitCode, stdout, stderr } = await deno(root, [
    "test",
    "--no-prompt",
    "--no-check",
    ...folders(root),
  ]);
  const summary = /\| (\d+) passed.*? \| (\d+) failed/.exec(stdout);
  const passed = Number(summary?.[1] ?? 0);
  let failed = Number(summary?.[2] ?? 0);
  // A run can fail as a whole: no Deno, a bad deno.json, no tests at all, a test marked "only".
  if ((exitCode !== 0 || passed === 0) && failed === 0) failed = 1;
  return { passed, failed, output: `${stdout}${stderr}`.trim() };
}

/**
 * Checks types, lint rules and format of the edge functions.
 *
 * @param root - folder that holds deno.json; this repository when left out
 * @returns one passed or failed for each of the three; the output of those that failed
 */
export async function checkFunctions(root = ROOT_DIR): Promise<DenoResult> {
  const checks = [
    { command: ["check"], mend: "" },
    { command: ["lint"], mend: "" },
    { command: ["fmt", "--check"], mend: `npx deno fmt ${FUNCTIONS_DIR}/*/` },
  ];
  const runs = await Promise.all(
    checks.map(async ({ command, mend }) => ({ ...(await deno(root, [...command, ...folders(root)])), mend })),
  );
  const failures = runs.filter(({ exitCode }) => exitCode !== 0);
  return {
    passed: runs.length - failures.length,
    failed: failures.length,
    output: failures.map(({ stdout, stderr, mend }) => `${stdout}${stderr}\n${mend}`.trim()).join("\n\n"),
  };
}

// Each folder by name: given their parent, lint and fmt pass over folders outside the workspace.
function folders(root: string): string[] {
  return readdirSync(path.join(root, FUNCTIONS_DIR), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${FUNCTIONS_DIR}/${entry.name}`)
    .sort();
}

function deno(root: string, args: readonly string[]): Promise<Run> {
  // The script behind npx deno: it finds the program of this platform.
  const script = createRequire(import.meta.url).resolve("deno/bin.cjs");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...process.env, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => resolve({ exitCode: null, stdout, stderr: `${stderr}${error.message}` }));
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
