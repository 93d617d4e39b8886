import pg from "pg";

/** How statements of a test file ended. */
export interface FileResult {
  /** What each test that passed says. */
  readonly passed: readonly string[];
  /** The first thing that went wrong; null when nothing did. */
  readonly failure: string | null;
}

const NOT_PASSED = /^(not ok\b|ok\b.*# ?(todo|skip)\b|Bail out!|# Looks like you)/i;

/** Whether the lines that tests print count, or only a statement that fails. */
export type Counting = "lines" | "errors";

/**
 * Runs statements of a test file inside the open transaction of a connection, up to the first failure.
 *
 * @param client - connection; the caller undoes what the statements did
 * @param statements - the statements
 * @param counting - what makes them fail
 * @returns what passed, and what failed
 */
export async function runStatements(
  client: pg.Client, statements: readonly string[], counting: Counting = "lines",
): Promise<FileResult> {
  const passed: string[] = [];
  const end = (failure: string | null): FileResult => ({ passed, failure });
  for (const statement of statements) {
    let lines: string[] = [];
    const error = await failureOf(async () => {
      lines = await readLines(client, statement);
    });
    if (error !== null) return end(error);
    if (counting === "errors") continue;
    for (const line of lines) {
      if (NOT_PASSED.test(line)) return end(line);
      if (/^ok\b/.test(line)) passed.push(line);
    }
  }
  return end(null);
}

/**
 * What the database said to work that failed.
 *
 * @param work - queries
 * @returns code and message; null when it went well
 * @throws whatever else than an answer of the database
 */
export async function failureOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return `${error.code ?? "error"} ${error.message}`;
  }
}

async function readLines(client: pg.Client, statement: string): Promise<string[]> {
  const { rows } = await client.query<unknown[]>({ text: statement, rowMode: "array" });
  return rows.flatMap((row) => (row.length === 1 && typeof row[0] === "string" ? row[0].split("\n") : []));
}
