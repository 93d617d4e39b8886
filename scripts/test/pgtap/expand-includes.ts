import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * The text of a test file with its `\ir <path>` lines replaced by the files they name, as psql
 * does it (relative to the including file, nested as deep as wanted).
 *
 * @param file - absolute path of the file
 * @returns the text, free of psql commands
 * @throws Error for any other psql command: this runner is no psql
 */
export function expandIncludes(file: string): string {
  return readFileSync(file, "utf8").split("\n").map((line) => {
    if (!line.startsWith("\\")) return line;
    const included = /^\\ir\s+(\S+)\s*$/.exec(line)?.[1];
    if (included === undefined) throw new Error(`Only \\ir is understood here, not: ${line}`);
    return expandIncludes(path.resolve(path.dirname(file), included));
  }).join("\n");
}
