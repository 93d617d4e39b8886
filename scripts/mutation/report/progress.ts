/** Tells a person where the work stands. */
export interface Progress {
  tell(stage: string, done: number): void;
  end(): void;
}

const EVERY_MS = 10_000;

/**
 * Writes progress to stderr: one line that changes on a terminal, else a line now and then.
 *
 * @param total - how many mutants there are
 * @returns the progress
 */
export function showProgress(total: number): Progress {
  const started = performance.now();
  const isTerminal = process.stderr.isTTY;
  let told = started;
  return {
    tell: (stage, done) => {
      const now = performance.now();
      const line = `${done} of ${total} mutants judged, ${Math.round((now - started) / 1000)} s: ${stage}`;
      if (isTerminal) process.stderr.write(`\r\x1b[K${line}`);
      else if (now - told >= EVERY_MS) {
        process.stderr.write(`${line}\n`);
        told = now;
      }
    },
    end: () => {
      if (isTerminal) process.stderr.write("\r\x1b[K");
    },
  };
}
