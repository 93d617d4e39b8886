import { runDb } from "../../scripts/db/run-db.ts";

/** What a run of `db` said. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the command line as a script would.
 *
 * @param argv - arguments
 * @param options - colour; what stops it; a person's answers (nobody is there without them)
 * @returns what it said
 */
export async function db(
  argv: readonly string[],
  options: { readonly isColoured?: boolean; readonly signal?: AbortSignal; readonly answers?: readonly string[] } = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const answers = [...options.answers ?? []];
  const code = await runDb(argv, {
    terminal: {
      isInteractive: options.answers !== undefined,
      print: (line) => void out.push(line),
      tell: (line) => void err.push(line),
      ask: () => Promise.resolve(answers.shift() ?? ""),
    },
    isColoured: options.isColoured ?? false,
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
