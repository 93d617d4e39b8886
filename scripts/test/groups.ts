import { checkFunctions, runDenoTests } from "./deno.ts";
import { listPgtapFiles, runPgtap } from "./pgtap.ts";
import { runPostgres15 } from "./postgres-15/group.ts";
import { createMigratedDatabase, type DatabaseServer } from "./test-databases.ts";
import { checkTypeScript } from "./typescript.ts";
import { runVitest } from "./vitest.ts";

/** What a group of tests gets. */
export interface TestContext {
  readonly rootDir: string;
  /** stack.json of the stack under test. */
  readonly stackFile: string;
  /** The database server of that stack, which has the empty template. */
  readonly server: DatabaseServer;
  /** A database with all migrations and no rows, under today's default privileges; nobody is connected to it. */
  readonly migratedUrl: string;
  /** Part of a path; empty for all files. */
  readonly filter: string;
  readonly signal: AbortSignal;
}

/** How a group of tests went. */
export interface GroupResult {
  readonly passed: number;
  readonly failed: number;
}

interface Group {
  readonly title: string;
  readonly run: (context: TestContext) => Promise<GroupResult>;
}

/** The groups of tests, in the order they run: what is quick and breaks first comes first. */
export const groups = {
  typescript: { title: "TypeScript compiles", run: ({ rootDir }) => checkTypeScript(rootDir) },
  functions: { title: "Edge functions: check, lint, format and tests under Deno", run: functions },
  pgtap: { title: "Policies and functions in SQL (pgTAP)", run: pgtap },
  "postgres-15": { title: "The same on PostgreSQL 15 (Debian)", run: runPostgres15 },
  vitest: { title: "API, migrations, functions over HTTP (vitest)", run: runVitest },
} satisfies Record<string, Group>;

/** The name of a group of tests. */
export type GroupName = keyof typeof groups;

/** Who may do what: it must not depend on which of Supabase's default privileges a project was born with. */
const UNDER_BOTH = /^supabase\/tests\/(access|attacks|catalog|matrix)\//;
const OLD_PRIVILEGES = " (under Supabase's old default privileges)";

async function functions(context: TestContext): Promise<GroupResult> {
  const results = [await checkFunctions(context.rootDir), await runDenoTests(context.rootDir)];
  for (const { failed, output } of results) if (failed > 0) console.log(output);
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function pgtap({ migratedUrl, server, rootDir, filter }: TestContext): Promise<GroupResult> {
  const files = listPgtapFiles(rootDir).filter((file) => file.includes(filter));
  const result = await pgtapOn(migratedUrl, rootDir, files, "");
  const again = files.filter((file) => UNDER_BOTH.test(file));
  if (again.length === 0) return result;
  const granted = await pgtapOn(await createMigratedDatabase(server, "granted"), rootDir, again, OLD_PRIVILEGES);
  return { passed: result.passed + granted.passed, failed: result.failed + granted.failed };
}

async function pgtapOn(url: string, root: string, files: readonly string[], remark: string): Promise<GroupResult> {
  const results = await runPgtap({
    url,
    root,
    files,
    onFile: ({ ok, file, failures }) => {
      if (!ok) console.log([`FAILED ${file}${remark}`, ...failures.map((line) => `  ${line}`)].join("\n"));
    },
  });
  const broken = results.filter(({ ok, failed }) => !ok && failed === 0).length;
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, broken),
  };
}
