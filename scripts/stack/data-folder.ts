import { createWriteStream, existsSync, mkdirSync, rmSync, statSync, type WriteStream } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { readJson, writePrivateJson } from "../lib/private-file.ts";
import { runsFor, stopProcess } from "../lib/processes.ts";
import { clearStaleServer } from "./postgres/recovery.ts";
import { readStackFile, removeStackFile } from "./stack-file.ts";

const seedingShape = z.object({ seeds: z.enum(["wanted", "done", "declined"]) });

/** Whether a database shall get the seeds: decided when it is made, so that a used one never does. */
export type Seeding = z.infer<typeof seedingShape>["seeds"];

const MAX_LOG_BYTES = 10 * 1024 * 1024;
const databaseDir = (dataDir: string): string => path.join(dataDir, "postgres");
const seedingFile = (dataDir: string): string => path.join(dataDir, "seeding.json");

/** Paths inside a stack's data folder. */
export const dataPaths = {
  database: databaseDir,
  denoCache: (dataDir: string): string => path.join(dataDir, "deno"),
  postgresLog: (dataDir: string): string => path.join(dataDir, "logs", "postgres.log"),
};

/**
 * Whether the database of a data folder is still to get its seeds.
 *
 * @param dataDir - the stack's data folder
 * @returns the decision; `declined` for a database without one
 */
export function readSeeding(dataDir: string): Seeding {
  return readJson(seedingFile(dataDir), seedingShape)?.seeds ?? "declined";
}

/**
 * Records the decision about seeds.
 *
 * @param dataDir - the stack's data folder
 * @param seeds - the decision
 */
export function writeSeeding(dataDir: string, seeds: Seeding): void {
  writePrivateJson(seedingFile(dataDir), { seeds });
}

/**
 * Stops what a killed stack left running on a data folder: its database server and its functions'
 * host. Only a process whose command line names the folder is touched. Call it under the lock.
 *
 * @param dataDir - the stack's data folder
 * @returns what was done, for the log
 */
export async function stopOrphans(dataDir: string): Promise<string[]> {
  const done = await clearStaleServer(databaseDir(dataDir));
  const host = readStackFile(dataDir)?.pids.functions ?? null;
  if (host !== null && runsFor(host, dataDir)) {
    await stopProcess(host, [
      ["SIGTERM", 2_000],
      ["SIGKILL", 2_000],
    ]);
    done.push(`stopped the edge functions' host of an earlier run (pid ${host})`);
  }
  return done;
}

/**
 * Deletes the database and what belongs to it. Keys and secrets stay. Call it under the lock.
 *
 * @param dataDir - the stack's data folder
 */
export function deleteData(dataDir: string): void {
  // By name, so that a wrong --data-dir costs nothing.
  for (const part of [
    databaseDir(dataDir),
    seedingFile(dataDir),
    path.join(dataDir, "logs"),
    path.join(dataDir, "deno"),
  ]) {
    rmSync(part, { recursive: true, force: true });
  }
  removeStackFile(dataDir);
}

/**
 * Opens the database server's log file for appending; a large one is begun anew.
 *
 * @param dataDir - the stack's data folder
 * @returns the stream
 */
export function openPostgresLog(dataDir: string): WriteStream {
  const file = dataPaths.postgresLog(dataDir);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const isLarge = existsSync(file) && statSync(file).size > MAX_LOG_BYTES;
  return createWriteStream(file, { flags: isLarge ? "w" : "a", mode: 0o600 });
}
