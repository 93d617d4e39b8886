import path from "node:path";

/**
 * Where Task Master keeps tasks.json below the folder of a project, and other folders it was kept in. Of several in one
 * project the first one counts: it is what Task Master reads.
 */
export const PLACES = [
  ".taskmaster/tasks/tasks.json",
  ".taskmaster/tasks.json",
  ".config/taskmaster/tasks/tasks.json",
  "config/.taskmaster/tasks/tasks.json",
  "tasks/tasks.json",
  "tasks.json",
] as const;

/** The project a file belongs to. */
export interface Project {
  /** Its folder, absolute. */
  readonly folder: string;
  /** The index in PLACES: of two files the lower one counts. Null: the file lies in none of the places. */
  readonly rank: number | null;
}

/**
 * Finds the project of a file by where the file lies.
 *
 * @param file - absolute path
 * @returns the folder that the place is counted from; for a file in none of the places, the one it lies in
 */
export function projectOf(file: string): Project {
  const parts = file.split(path.sep);
  const ranks = PLACES.map((place, rank) => ({ steps: place.split("/"), rank }))
    // The longest that fits: tasks/tasks.json fits all that end so.
    .sort((a, b) => b.steps.length - a.steps.length);
  for (const { steps, rank } of ranks) {
    if (
      parts.length > steps.length && steps.every((step, index) => parts[parts.length - steps.length + index] === step)
    ) {
      return { folder: parts.slice(0, -steps.length).join(path.sep) || path.sep, rank };
    }
  }
  return { folder: path.dirname(file), rank: null };
}

/**
 * The folders that may hold the complexity reports of a tasks.json.
 *
 * @param file - the tasks.json, absolute
 * @returns folders, the one that counts first
 */
export function reportFolders(file: string): readonly string[] {
  const { folder } = projectOf(file);
  const beside = path.dirname(file);
  return [
    ...new Set([
      path.join(beside, "..", "reports"),
      path.join(folder, ".taskmaster", "reports"),
      path.join(folder, "scripts"),
      beside,
    ]),
  ];
}
