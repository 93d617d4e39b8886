import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import {
  commandLineOf,
  processesIn,
  runsFor,
  signalProcess,
  stopProcess,
  waitUntilGone,
} from "../../lib/processes.ts";
import { StackError } from "../../lib/stack-error.ts";

/** Fast stop (rolls back, writes a checkpoint), then an immediate one, then by force. */
export const STOP_STEPS = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 3_000],
  ["SIGKILL", 2_000],
] as const satisfies readonly (readonly [NodeJS.Signals, number])[];

/**
 * The process id of the server running on a data folder.
 *
 * @param dataDir - absolute path of the data folder
 * @returns its pid, or null when none runs (a stale lock file does not count)
 */
export function serverPid(dataDir: string): number | null {
  const pid = lockFilePid(dataDir);
  return pid !== null && runsFor(pid, dataDir) ? pid : null;
}

/**
 * Clears what a killed stack left behind on a data folder: a server that still runs is stopped
 * properly, server processes without their postmaster are ended, a lock file whose pid now belongs
 * to another program is removed. Nothing that is not this folder's is ever signalled.
 *
 * @param dataDir - absolute path of the data folder
 * @returns what was done, for the log; empty when there was nothing
 * @throws StackError `postgres_failed` when an old server will not end
 */
export async function clearStaleServer(dataDir: string): Promise<string[]> {
  const done: string[] = [];
  const running = serverPid(dataDir);
  if (running !== null) {
    if (!(await stopProcess(running, STOP_STEPS))) {
      throw new StackError(
        "postgres_failed",
        `The PostgreSQL server of an earlier run (pid ${running}) does not stop.`,
      );
    }
    done.push(`stopped the PostgreSQL server of an earlier run (pid ${running})`);
  }
  const left = processesIn(dataDir, "postgres:");
  for (const pid of left) signalProcess(pid, "SIGQUIT");
  for (const pid of left) {
    if (!(await waitUntilGone(pid, 2_000))) await stopProcess(pid, [["SIGKILL", 2_000]]);
  }
  if (left.length > 0) done.push(`ended ${left.length} server processes without a postmaster`);
  const pid = lockFilePid(dataDir);
  if (pid !== null && isInTheWay(pid)) {
    // PostgreSQL clears the lock file of a dead server itself, but refuses to start while any
    // process has that pid: a zombie not yet reaped, or another program that was given the number.
    rmSync(path.join(dataDir, "postmaster.pid"), { force: true });
    done.push(`removed a stale postmaster.pid (pid ${pid} is not our server)`);
  }
  return done;
}

function lockFilePid(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(path.join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isInTheWay(pid: number): boolean {
  if (commandLineOf(pid) !== null) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
