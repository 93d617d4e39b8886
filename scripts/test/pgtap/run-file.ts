import pg from "pg";
import { Parser, type FinalResults } from "tap-parser";
import { isComment, splitStatements } from "../../migrate/statements.ts";
import { expandIncludes } from "./expand-includes.ts";

/** How one test file ended. */
export interface PgtapResult {
  /** Path as it was given. */
  readonly file: string;
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  /** What went wrong, in lines to print; empty when `ok`. */
  readonly failures: readonly string[];
  readonly ms: number;
}

const TAP_LINE = /^\s*(ok\b|not ok\b|#|\d+\.\.\d+|Bail out!)/;
const MAX_LINES = 12;
const MAX_WIDTH = 240;
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
const OPTIONS = "-c client_min_messages=warning -c statement_timeout=600s";

/**
 * Runs one pgTAP file over one connection, as pg_prove does through psql. The file is one
 * transaction that is rolled back. Never throws for what the file does.
 *
 * @param url - database to run it on
 * @param file - absolute path
 * @param name - how the result names it
 * @returns counts and failures
 */
export async function runPgtapFile(url: string, file: string, name: string): Promise<PgtapResult> {
  const started = performance.now();
  const { lines, problem } = await collectTap(url, file);
  const tap = await parse(lines);
  const failures = [
    ...(problem === undefined ? [] : problem),
    ...failedTests(lines),
    // What is missing after an error is no second failure.
    ...(problem === undefined ? planFaults(tap) : []),
  ];
  const skipped = lines.filter((line) => line.startsWith("ok") && isPutOff(line)).length;
  const failed = Math.max(tap.fail + skipped, failures.length > 0 ? 1 : 0);
  return {
    file: name, ok: failures.length === 0 && tap.ok, passed: tap.pass - skipped, failed, failures,
    ms: Math.round(performance.now() - started),
  };
}

async function collectTap(url: string, file: string): Promise<{ lines: string[]; problem?: string[] }> {
  const lines: string[] = [];
  let script: string;
  try {
    script = expandIncludes(file);
  } catch (error) {
    return { lines, problem: [error instanceof Error ? error.message : String(error)] };
  }
  const statements = splitStatements(script)
    .filter(({ text: statement }) => !isComment(statement))
    .map(({ text: statement }) => statement.replace(LEADING_COMMENTS, ""));
  if (!/^begin$/i.test(statements[0] ?? "") || !/^rollback$/i.test(statements.at(-1) ?? "")) {
    return { lines, problem: ["The file must be one transaction: first statement begin, last one rollback."] };
  }
  if (statements.some((statement) => /^(commit|end)\b/i.test(statement))) {
    return { lines, problem: ["The file must not commit."] };
  }
  const client = new pg.Client({ connectionString: url, options: OPTIONS });
  try {
    await client.connect();
    const error = await runScript(client, script, lines);
    return error === undefined ? { lines } : { lines, problem: describe(error.cause, statements, error.completed) };
  } catch (error) {
    return { lines, problem: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await client.end();
  }
}

// Row events and not the promise: the promise loses the rows that came before an error.
function runScript(
  client: pg.Client, script: string, lines: string[],
): Promise<{ cause: Error; completed: number } | undefined> {
  let completed = 0;
  const connection = Reflect.get(client, "connection") as NodeJS.EventEmitter;
  connection.on("commandComplete", () => { completed += 1; });
  return new Promise((resolve) => {
    const config: pg.QueryArrayConfig = { text: script, rowMode: "array" };
    const query = new pg.Query<unknown[]>(config);
    query.on("row", (row: unknown) => {
      const value: unknown = Array.isArray(row) && row.length === 1 ? row[0] : undefined;
      if (typeof value === "string" && TAP_LINE.test(value)) lines.push(...value.split("\n"));
    });
    query.on("error", (cause: Error) => resolve({ cause, completed }));
    query.on("end", () => resolve(undefined));
    client.query(query);
  });
}

function describe(error: Error, statements: readonly string[], completed: number): string[] {
  const { code, detail, hint, where } = error as pg.DatabaseError;
  return [
    `${code ?? "error"} ${error.message}`,
    ...(detail === undefined ? [] : [`detail: ${detail}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...(where === undefined ? [] : [`where: ${where.split("\n")[0]}`]),
    `in statement ${completed + 1}:`,
    ...(statements[completed] ?? "").split("\n").slice(0, 8).map((line) => `  ${line}`),
  ];
}

function parse(lines: readonly string[]): Promise<FinalResults> {
  return new Promise((resolve) => {
    const parser = new Parser();
    parser.on("complete", resolve);
    parser.end([...lines, ""].join("\n"));
  });
}

// A failed test with the explanation below it, as far as a person reads: a wrong catalogue query can name every row.
function failedTests(lines: readonly string[]): string[] {
  const failures: string[] = [];
  let shown = MAX_LINES;
  for (const line of lines) {
    if (/^(not )?ok\b/.test(line)) shown = line.startsWith("not ok") || isPutOff(line) ? 0 : MAX_LINES;
    if (shown >= MAX_LINES || /^# (Looks like|Failed test)/.test(line)) continue;
    failures.push(line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH)} ...` : line);
    shown += 1;
  }
  return failures;
}

// TAP lets a failing test pass when it is marked as unfinished or skipped. Here nothing is put off.
function isPutOff(line: string): boolean {
  return /^(not )?ok\b.*# ?(todo|skip)\b/i.test(line);
}

function planFaults(tap: FinalResults): string[] {
  if (tap.bailout !== false) return [typeof tap.bailout === "string" ? `Bail out: ${tap.bailout}` : "Bail out."];
  if (tap.plan.start === null || tap.plan.end === null) return ["The file has no plan."];
  if (tap.count === 0) return ["The file ran no test."];
  return tap.count === tap.plan.end ? [] : [`Planned tests: ${tap.plan.end}. Tests that ran: ${tap.count}.`];
}
