import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Worker processes, of which one may be killed at any time. */
export interface Crew {
  /** Kills one of them as the kernel would and puts a new one in its place. */
  readonly replaceOne: () => void;
  /** Asks all to stop; resolves with how each ended. */
  readonly stop: () => Promise<readonly (number | null)[]>;
  /** Ends what is left, for a test that failed. */
  readonly kill: () => void;
}

/**
 * Starts worker processes.
 *
 * @param databaseUrl - where they work
 * @param size - how many
 * @param seed - decides who is killed when
 * @param onProgress - told how many attempts have ended since the last time
 * @returns the crew
 */
export function startCrew(
  databaseUrl: string,
  size: number,
  seed: number,
  onProgress: (attempts: number) => void,
): Crew {
  const random = randomFrom(seed);
  const ready = new Map<ChildProcess, Promise<unknown>>();
  let count = 0;
  const hire = (): ChildProcess => {
    count += 1;
    const child = fork(path.join(import.meta.dirname, "worker.ts"), [databaseUrl, `worker ${count}`], {
      execArgv: ["--import", "tsx"],
    });
    ready.set(child, once(child, "message"));
    child.on("message", (attempts) => onProgress(Number(attempts)));
    return child;
  };
  const crew = Array.from({ length: size }, hire);
  return {
    replaceOne: () => {
      const place = Math.floor(random() * size);
      crew[place]?.kill("SIGKILL");
      crew[place] = hire();
    },
    stop: () =>
      Promise.all(crew.map(async (child) => {
        if (child.exitCode !== null) return child.exitCode;
        const exit = once(child, "exit");
        // One that was hired just now does not know yet what to do when it is told to stop.
        await ready.get(child);
        child.kill("SIGTERM");
        const [code] = await exit;
        return typeof code === "number" ? code : null;
      })),
    kill: () => crew.forEach((child) => void child.kill("SIGKILL")),
  };
}

// mulberry32: the same numbers for the same seed.
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
