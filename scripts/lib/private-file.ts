import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { z } from "zod";
import { hasCode, messageOf, StackError } from "./stack-error.ts";

/**
 * Writes a json file that only its owner can read. It appears whole: a reader never sees half.
 *
 * @param file - path; its folder is made when missing
 * @param value - what to write
 */
export function writePrivateJson(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/**
 * Reads a json file and checks its shape.
 *
 * @param file - path
 * @param schema - shape to check
 * @returns the value, or null when there is no such file
 * @throws StackError `data_unreadable` when it cannot be read or has another shape
 */
export function readJson<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw new StackError("data_unreadable", `${file} cannot be read: ${messageOf(error)}.`);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new StackError("data_unreadable", `${file} is damaged; delete it and start again.`);
  }
}
