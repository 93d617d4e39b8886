import type { Terminal } from "./terminal.ts";

/** What every command gets. */
export interface CommandContext {
  /** Folder that holds supabase/. */
  readonly rootDir: string;
  readonly dbUrl: string | undefined;
  readonly yes: boolean;
  readonly force: boolean;
  readonly json: boolean;
  readonly wait: boolean;
  readonly terminal: Terminal;
}

/**
 * What a command did: for `--json`, and for the exit code. Failures are thrown.
 */
export interface CommandResult {
  readonly exitCode: 0 | 1;
  readonly report: Readonly<Record<string, unknown>>;
}

/**
 * Writes a duration for people.
 *
 * @param milliseconds - the duration
 * @returns such as "0.84 s"
 */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
