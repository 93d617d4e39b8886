import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hasCode } from "../lib/stack-error.ts";
import type { Target } from "../migrate/target.ts";

/** A committed file that follows from the database. */
export interface GeneratedFile {
  readonly path: string;
  /** What writes it anew. */
  readonly command: string;
  /** Makes its text from a database that has all migrations. */
  readonly generate: (target: Target) => Promise<string>;
  /** It needs a database without rows that nobody else uses. */
  readonly ownDatabase?: boolean;
}

/**
 * The committed text of a generated file.
 *
 * @param file - the file
 * @returns its text; empty when there is none
 */
export function readGenerated(file: GeneratedFile): string {
  try {
    return readFileSync(file.path, "utf8").replace(/\r\n/g, "\n");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}

/**
 * Writes a generated file.
 *
 * @param file - the file
 * @param text - its text
 */
export function writeGenerated(file: GeneratedFile, text: string): void {
  mkdirSync(path.dirname(file.path), { recursive: true });
  writeFileSync(file.path, text);
}
