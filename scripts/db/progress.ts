/** Says on standard error what is being done, once it has taken long enough to wonder. */
export interface Progress {
  /** Begins a step. */
  readonly step: (label: string) => void;
  /** Nothing is being done any more. */
  readonly end: () => void;
}

const PATIENCE_MS = 2_000;

/**
 * Makes a progress that is silent for two seconds and then writes the step under way and each that
 * follows.
 *
 * @param tell - writes a line to standard error
 * @returns the progress
 */
export function createProgress(tell: (line: string) => void): Progress {
  let isLate = false;
  let current: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    step: (label) => {
      current = label;
      if (isLate) tell(`${label} ...`);
      else {timer ??= setTimeout(() => {
          isLate = true;
          if (current !== undefined) tell(`${current} ...`);
        }, PATIENCE_MS);}
    },
    end: () => {
      clearTimeout(timer);
      timer = undefined;
      isLate = false;
      current = undefined;
    },
  };
}
