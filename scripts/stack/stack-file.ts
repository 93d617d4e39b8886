import { rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { readJson, writePrivateJson } from "../lib/private-file.ts";

const stackFileShape = z.object({
  db_url: z.string(),
  admin_db_url: z.string(),
  api_url: z.string(),
  functions_url: z.string(),
  publishable_key: z.string(),
  secret_key: z.string(),
  jwt_secret: z.string(),
  functions_secret: z.string(),
  ports: z.object({ api: z.number(), db: z.number() }),
  pids: z.object({ stack: z.number(), postgres: z.number().nullable(), functions: z.number().nullable() }),
  started_at: z.string(),
});

/** What a running stack tells other programs: addresses, keys, process ids. */
export type StackFile = z.infer<typeof stackFileShape>;

const pathOf = (dataDir: string): string => path.join(dataDir, "stack.json");

/**
 * Reads the description of a stack. It may be left from one that was killed: `lock.ts` says
 * whether it runs.
 *
 * @param dataDir - the stack's data folder
 * @returns the description, or null when there is none
 * @throws StackError `data_unreadable` when the file is damaged
 */
export function readStackFile(dataDir: string): StackFile | null {
  return readJson(pathOf(dataDir), stackFileShape);
}

/**
 * Writes the description of the running stack.
 *
 * @param dataDir - the stack's data folder
 * @param content - what to write
 */
export function writeStackFile(dataDir: string, content: StackFile): void {
  writePrivateJson(pathOf(dataDir), content);
}

/**
 * Removes the description, when the stack has stopped.
 *
 * @param dataDir - the stack's data folder
 */
export function removeStackFile(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}
