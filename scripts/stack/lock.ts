import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { birthOf } from "../lib/processes.ts";
import { hasCode, StackError } from "../lib/stack-error.ts";

const holderShape = z.object({ pid: z.number(), birth: z.string() });
type Holder = z.infer<typeof holderShape>;

const pathOf = (dataDir: string): string => path.join(dataDir, "stack.lock");

/**
 * The process that runs the stack of a data folder.
 *
 * @param dataDir - the stack's data folder
 * @returns its pid, or null when none runs (a lock left by a killed one does not count)
 */
export function stackPid(dataDir: string): number | null {
  const holder = readHolder(pathOf(dataDir));
  return holder !== null && isAlive(holder) ? holder.pid : null;
}

/**
 * Takes the data folder for this process. The lock of a process that was killed is taken over: pid
 * and time of birth tell whether it still runs, so a reused pid does not block anyone.
 *
 * @param dataDir - the stack's data folder
 * @returns gives the lock back
 * @throws StackError `already_running` when another process has it
 */
export function takeLock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = pathOf(dataDir);
  const draft = `${lock}.${process.pid}`;
  const own: Holder = { pid: process.pid, birth: birthOf(process.pid) ?? "" };
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears with its content or not at all, and fails when the name exists.
        linkSync(draft, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
      }
      setAside(lock);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function setAside(lock: string): void {
  const holder = readHolder(lock);
  if (holder !== null && isAlive(holder)) throw running(holder);
  const aside = `${lock}.old-${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  // Another starter may have replaced the dead lock between the look and the move: give it back.
  const moved = readHolder(aside);
  if (moved !== null && isAlive(moved)) {
    renameSync(aside, lock);
    throw running(moved);
  }
  rmSync(aside, { force: true });
}

function running(holder: Holder): StackError {
  return new StackError(
    "already_running",
    `The stack of this folder is already running (pid ${holder.pid}).`,
  );
}

function readHolder(file: string): Holder | null {
  try {
    return holderShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  return birthOf(holder.pid) === holder.birth;
}
