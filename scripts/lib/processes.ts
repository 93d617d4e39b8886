import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * The command line of a running process.
 *
 * A zombie (killed, not yet reaped by its parent) has an empty one and counts as gone.
 *
 * @param pid - process id
 * @returns its arguments, or null when no such process runs
 */
export function commandLineOf(pid: number): string[] | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === "linux") {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return text === "" ? null : text.replace(/\0$/, "").split("\0");
    } catch {
      return null;
    }
  }
  try {
    const text = execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return text === "" || text.includes("<defunct>") ? null : text.split(" ");
  } catch {
    return null;
  }
}

/**
 * A text that tells a process from a later one with the same pid: when it was started.
 *
 * @param pid - process id
 * @returns the text, or null when no such process runs
 */
export function birthOf(pid: number): string | null {
  if (commandLineOf(pid) === null) return null;
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The second field is the program's name in brackets and may hold spaces; 22 is the start.
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
    }
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return started === "" ? null : started;
  } catch {
    return null;
  }
}

/**
 * Whether a command line names a folder, as itself or as part of an argument (`--data-dir=/x`).
 * A longer name that merely begins the same (`/x-old` for `/x`) does not count.
 *
 * @param commandLine - arguments as `commandLineOf` returns them
 * @param folder - absolute path
 * @returns true when the folder is named
 */
export function namesFolder(commandLine: readonly string[] | null, folder: string): boolean {
  if (commandLine === null) return false;
  const text = ` ${commandLine.join(" ")} `;
  for (let at = text.indexOf(folder); at !== -1; at = text.indexOf(folder, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + folder.length] ?? " ";
    if (/[\s=]/.test(before) && /[\s/]/.test(after)) return true;
  }
  return false;
}

/**
 * Whether a process runs and names a folder on its command line. Process ids are reused, so a pid
 * from a file alone never justifies a signal.
 *
 * @param pid - process id read from a file
 * @param folder - absolute path that must be on its command line
 * @returns true when it is ours
 */
export function runsFor(pid: number, folder: string): boolean {
  return namesFolder(commandLineOf(pid), folder);
}

/**
 * Processes whose current folder is the given one and whose command line begins with a word. This
 * is how server processes left behind by a killed postmaster are found: they rename themselves and
 * no longer carry the data folder.
 *
 * @param folder - absolute path
 * @param word - how the command line begins
 * @returns process ids; none on systems without /proc
 */
export function processesIn(folder: string, word: string): number[] {
  if (process.platform !== "linux") return [];
  const found: number[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (readlinkSync(`/proc/${name}/cwd`) !== folder) continue;
      if (readFileSync(`/proc/${name}/cmdline`, "utf8").startsWith(word)) found.push(Number(name));
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return found;
}

/**
 * Waits until a process is gone.
 *
 * @param pid - process id
 * @param timeoutMs - how long to wait at most
 * @returns true when it is gone
 */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (commandLineOf(pid) !== null) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

/**
 * Sends a signal, treating a process that has ended meanwhile as done.
 *
 * @param pid - process id
 * @param signal - signal to send
 */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the check and the signal.
  }
}

/**
 * Stops a process step by step, each signal harder than the one before.
 *
 * @param pid - process id, already known to be ours
 * @param steps - signals with the time to wait after each
 * @returns true when the process is gone
 */
export async function stopProcess(
  pid: number,
  steps: readonly (readonly [NodeJS.Signals, number])[],
): Promise<boolean> {
  for (const [signal, timeoutMs] of steps) {
    signalProcess(pid, signal);
    if (await waitUntilGone(pid, timeoutMs)) return true;
  }
  return commandLineOf(pid) === null;
}
