import { createInterface } from "node:readline/promises";

/** How a command talks to whoever started it; tests put their own in. */
export interface Terminal {
  /** Whether a person can answer questions. */
  readonly isInteractive: boolean;
  /** Results: standard output. */
  readonly print: (line: string) => void;
  /** Progress, questions, errors: standard error. */
  readonly tell: (line: string) => void;
  /** Asks and returns the answer. */
  readonly ask: (question: string) => Promise<string>;
}

/** The real terminal. */
export const terminal: Terminal = {
  isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  },
};
