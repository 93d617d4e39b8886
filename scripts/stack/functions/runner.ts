import { existsSync, watch, type FSWatcher } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../lib/stack-error.ts";
import { launchHost, type HostProcess, type HostSettings } from "./host-process.ts";

/** Edge functions that are kept running. */
export interface RunningFunctions {
  /** Address of the host at this moment; null while it is down or being restarted. */
  readonly url: () => string | null;
  readonly pid: () => number | null;
  readonly names: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const GATHER_MS = 300;
const RETRY_MS = 2_000;

/**
 * Serves the edge functions and keeps serving them: the host is started again when it dies and
 * when a file of a function changes. A host that cannot start is logged and tried again at the
 * next change, so one broken file does not stop the stack.
 *
 * @param settings - folders, environment, log
 * @param onChange - called whenever the host's address or pid changed
 * @returns the running functions; the caller stops them
 */
export async function startFunctions(
  settings: HostSettings,
  onChange: () => void,
): Promise<RunningFunctions> {
  let host: HostProcess | null = null;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const launch = async (): Promise<void> => {
    try {
      const started = await launchHost(settings);
      host = started;
      void started.exited.then(() => {
        if (host !== started) return;
        host = null;
        onChange();
        if (stopped) return;
        settings.log("The edge functions' host ended; starting it again.");
        enqueue(async () => {
          await sleep(200);
          if (host === null && !stopped) await launch();
        });
      });
    } catch (error) {
      settings.log(`${messageOf(error)} They answer 503 until a file of theirs changes.`);
    }
    onChange();
  };
  const enqueue = (work: () => Promise<void>): void => {
    working = working.then(work, work);
  };
  const restart = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      enqueue(async () => {
        if (stopped) return;
        const old = host;
        host = null;
        await old?.stop();
        await launch();
        if (host !== null) settings.log("Edge functions changed; serving them anew.");
      });
    }, GATHER_MS);
  };

  await launch();
  const watcher = watchFolder(settings.functionsDir, restart);
  return {
    url: () => host?.url ?? null,
    pid: () => host?.pid ?? null,
    names: () => host?.functions ?? [],
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      watcher.close();
      await working;
      await host?.stop();
    },
  };
}

function watchFolder(folder: string, onChange: () => void): { close: () => void } {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const open = (isLater: boolean): void => {
    if (existsSync(folder)) {
      watcher = watch(folder, { recursive: true }, onChange);
      watcher.on("error", () => undefined);
      if (isLater) onChange();
    } else {
      timer = setTimeout(() => open(true), RETRY_MS);
    }
  };
  open(false);
  return {
    close: () => {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}
