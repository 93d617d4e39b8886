import type { Progress } from "../db/progress.ts";
import type { Query } from "../db/command.ts";
import type { Terminal } from "../migrate/terminal.ts";
import type { FoundSources } from "./source/find-sources.ts";

/** How the commands meet the world; tests put their own in. */
export interface ImportEnvironment {
  readonly terminal: Terminal;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What every command gets. */
export interface ImportContext {
  readonly query: Query;
  readonly progress: Progress;
  readonly found: FoundSources;
  /** The tenant's slug. */
  readonly slug: string;
  /** The tenant's id. */
  readonly tenant: string;
  /** The database, without a password. */
  readonly database: string;
  readonly isDry: boolean;
  readonly isRemoving: boolean;
  readonly isReopening: boolean;
  readonly isForced: boolean;
}

/** What a command did: the exit code, what `--json` and `--report` write, and what people read. */
export interface ImportResult {
  readonly exitCode: 0 | 1;
  readonly report: object;
  readonly lines: readonly string[];
}
