import type { Target } from "../migrate/target.ts";
import type { Terminal } from "../migrate/terminal.ts";
import type { Progress } from "./progress.ts";

/** How the commands meet the world; tests put their own in. */
export interface DbEnvironment {
  readonly terminal: Terminal;
  readonly isColoured: boolean;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs one statement and returns its rows, to be checked with zod. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;

/** What every command gets. */
export interface DbContext extends DbEnvironment {
  readonly target: Target;
  readonly query: Query;
  readonly progress: Progress;
  readonly json: boolean;
  readonly format: "html" | "markdown";
  readonly out: string | undefined;
}

/** What a command did: the exit code, and what `--json` prints. */
export interface DbResult {
  readonly exitCode: 0 | 1 | 2;
  readonly report: unknown;
}
