import { readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../../lib/stack-error.ts";
import { ImportError } from "../import-error.ts";
import { projectOf } from "./places.ts";

/** A file to import. */
export interface FoundSource {
  /** The file, as it is told to people. */
  readonly path: string;
  readonly absolute: string;
  /** What its workflows are known by from now on. */
  readonly source: string;
}

/** What is to be imported. */
export interface FoundSources {
  readonly sources: readonly FoundSource[];
  /** Files of projects that have a newer place for them: Task Master does not read them either. */
  readonly shadowed: readonly { readonly path: string; readonly by: string }[];
}

// Not a project's own: what is installed, and the folders where other programs keep a tasks.json.
const SKIPPED = new Set(["node_modules", ".git", ".vscode", ".cursor", ".idea", ".zed"]);

/**
 * Finds the files to import. A file is taken as it is; below a folder every tasks.json is found, at any depth.
 *
 * @param given - files and folders
 * @returns the files in the order of their paths, each with its source: of a file named by its path the name of its
 *   project's folder (in none of Task Master's places: its own name), of a file found in a folder the path of its
 *   project from there
 * @throws ImportError `usage` for a path that is not there, `nothing_found` for a folder without tasks.json
 */
export function findSources(given: readonly string[]): FoundSources {
  const found: (FoundSource & { readonly folder: string; readonly rank: number })[] = [];
  const sources: FoundSource[] = [];
  for (const each of given) {
    const { absolute, isFolder } = look(each);
    if (!isFolder) {
      sources.push({ path: each, absolute, source: sourceName(nameOfFile(absolute)) });
      continue;
    }
    const files = walk(absolute);
    if (files.length === 0) {
      throw new ImportError(
        "nothing_found",
        `There is no tasks.json in ${each}. A file of another name is named itself.`,
      );
    }
    for (const file of files) {
      const { folder, rank } = projectOf(file);
      // A folder given from inside a project: the place may begin above it.
      const relative = path.relative(absolute, folder);
      const name = relative === "" || relative.startsWith("..") ? path.basename(folder) : relative;
      const told = path.join(each, path.relative(absolute, file));
      found.push({
        path: told,
        absolute: file,
        source: sourceName(name),
        folder,
        rank: rank ?? Number.MAX_SAFE_INTEGER,
      });
    }
  }
  const shadowed: { path: string; by: string }[] = [];
  for (const file of found) {
    const first = found.filter(({ folder }) => folder === file.folder).reduce((a, b) => (b.rank < a.rank ? b : a));
    if (first === file) sources.push({ path: file.path, absolute: file.absolute, source: file.source });
    else shadowed.push({ path: file.path, by: first.path });
  }
  return { sources, shadowed };
}

function look(given: string): { absolute: string; isFolder: boolean } {
  try {
    const absolute = realpathSync(given);
    return { absolute, isFolder: statSync(absolute).isDirectory() };
  } catch (error) {
    throw new ImportError("usage", `${given} cannot be opened: ${messageOf(error)}.`, error);
  }
}

function nameOfFile(absolute: string): string {
  const { folder, rank } = projectOf(absolute);
  return rank === null ? path.basename(absolute).replace(/\.json$/i, "") : path.basename(folder);
}

function walk(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new ImportError("usage", `${folder} cannot be opened: ${messageOf(error)}.`, error);
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = path.join(folder, entry.name);
      // Links to folders are not followed: they could lead in a circle.
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(below);
      if (entry.name !== "tasks.json") return [];
      return entry.isFile() || (entry.isSymbolicLink() && isFile(below)) ? [below] : [];
    });
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** A source holds no "#", which divides it from the tag in the key of a workflow. */
function sourceName(name: string): string {
  const plain = name.split(path.sep).join("/").replace(/[#\p{Cc}\p{Surrogate}]/gu, "-").trim();
  return [...plain].slice(-200).join("") || "project";
}

/**
 * Whether a text can be a source.
 *
 * @param name - any text
 * @returns true for 1 to 200 characters without "#", which divides a source from a tag, and control characters
 */
export function isSourceName(name: string): boolean {
  return name.trim() === name && /^[^#\p{Cc}\p{Surrogate}]{1,200}$/u.test(name);
}
