import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import type { MutationServer } from "../database.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { wordsFor } from "../mutants/names.ts";
import { VoidRun } from "../void-run.ts";

/** Runs the tests in TypeScript that make a database of their own: what one transaction cannot show, they do. */
export interface TypescriptTests {
  /**
   * Runs the files about each mutant's function or trigger on it, some mutants side by side.
   *
   * @param mutants - mutants of functions and triggers
   * @param onTried - told each mutant, and what failed; null when all passed
   * @throws VoidRun when a file fails without any mutant
   */
  tryEach(mutants: readonly Mutant[], onTried: (mutant: Mutant, failure: Failure | null) => void): Promise<void>;
}

/** The first test that failed. */
export interface Failure {
  readonly file: string;
  readonly message: string;
}

interface TestFile {
  readonly name: string;
  readonly words: ReadonlySet<string>;
  /** Whether it holds one connection up by another. */
  readonly waits: boolean;
}

const reportShape = z.object({
  testResults: z.array(z.object({
    name: z.string(),
    status: z.string(),
    message: z.string(),
    assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
  })),
});
const functionsShape = z.array(z.object({ name: z.string(), body: z.string() }));

const FOLDERS = [path.join("tests", "attacks"), path.join("tests", "ops")];
const MAKES_A_DATABASE = /createDatabase\(\{ migrated: true \}\)/;
const WAITS_FOR_ANOTHER = /\.waitsFor\(/;

/** What to run, on what, and how many at once. */
interface Run {
  readonly files: readonly string[];
  readonly database: string;
  readonly change: string;
  readonly workers: number;
}

/**
 * Prepares the tests in TypeScript that make a database of their own.
 *
 * @param server - server with the template
 * @param root - the root of the repository
 * @param workers - how many run side by side
 * @param signal - ends a run that is under way
 * @returns the tests
 */
export async function prepareTypescriptTests(
  server: MutationServer, root: string, workers: number, signal: AbortSignal,
): Promise<TypescriptTests> {
  const files = listFiles(root);
  const callersOf = await readCallers(server);
  // Those that name it first: each start costs seconds, and they mostly notice.
  const filesAbout = ({ kind, subjects: [subject = ""] }: Mutant): string[][] => {
    const isNamed = (file: TestFile, names: readonly string[]): boolean => names.flatMap(wordsFor).some((word) => file.words.has(word));
    const callers = callersOf(subject);
    const first = files.filter((file) => isNamed(file, [subject]));
    const rest = files.filter((file) =>
      !first.includes(file) && (isNamed(file, callers) || (kind === "function: lock" && file.waits))
    );
    return [first, rest].map((some) => some.map(({ name }) => name)).filter((some) => some.length > 0);
  };
  const run = (what: Run): Promise<Failure | null> => runFiles(server, root, what, signal);
  return {
    tryEach: async (mutants, onTried) => {
      const queue = mutants.map((mutant) => ({ mutant, turns: filesAbout(mutant) }));
      const all = [...new Set(queue.flatMap(({ turns }) => turns.flat()))];
      const failure = all.length === 0 ? null : await run({ files: all, database: "mutation_typescript", change: "", workers });
      if (failure !== null) {
        throw new VoidRun("A test in TypeScript fails without any mutant.", [`${failure.file}: ${failure.message}`]);
      }
      await Promise.all(Array.from({ length: workers }, async (_, lane) => {
        const database = `mutation_typescript_${lane + 1}`;
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const { mutant, turns } = next;
          let noticed: Failure | null = null;
          for (const some of turns) noticed ??= await run({ files: some, database, change: mutant.sql, workers: 1 });
          onTried(mutant, noticed);
        }
      }));
    },
  };
}

function listFiles(root: string): TestFile[] {
  return FOLDERS.flatMap((folder) => readdirSync(path.join(root, folder)).map((file) => path.join(folder, file)))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => ({ name, text: readFileSync(path.join(root, name), "utf8") }))
    .filter(({ text }) => MAKES_A_DATABASE.test(text))
    .map(({ name, text }) => ({ name, words: new Set(text.match(/\w+/g)), waits: WAITS_FOR_ANOTHER.test(text) }));
}

async function readCallers({ catalogue }: MutationServer): Promise<(name: string) => string[]> {
  const functions = functionsShape.parse(await catalogue`
    select distinct format('%I.%I', n.nspname, p.proname) as name,
      case when p.prosqlbody is null then p.prosrc else pg_get_functiondef(p.oid) end as body
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('public', 'private', 'ops') and p.prokind in ('f', 'p')
      and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  `);
  return (name) => {
    const found = new Set<string>();
    const queue = [name];
    for (let called = queue.shift(); called !== undefined; called = queue.shift()) {
      for (const caller of functions) {
        if (caller.name === name || found.has(caller.name) || !caller.body.includes(`${called}(`)) continue;
        found.add(caller.name);
        queue.push(caller.name);
      }
    }
    return [...found];
  };
}

async function runFiles(
  server: MutationServer, root: string, { files, database, change, workers }: Run, signal: AbortSignal,
): Promise<Failure | null> {
  const addresses = await server.publish(database, change);
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-mutation-"));
  try {
    const stack = path.join(folder, "stack.json");
    writeFileSync(stack, JSON.stringify({ ...addresses, template: "template0", migrated: database }));
    const report = path.join(folder, "report.json");
    const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
    const child = spawn(
      process.execPath,
      [vitest, "run", ...files, "--bail=1", `--maxWorkers=${workers}`, "--reporter=json", `--outputFile=${report}`],
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
