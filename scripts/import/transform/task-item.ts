import type { JsonObject } from "../json/json-node.ts";

/** One task of a file, at its place in the tree. */
export interface TaskItem {
  /** The object of the file; of an entry that is a text, one with that as its title. */
  readonly node: JsonObject;
  readonly pointer: string;
  /** The id as the file has it; undefined when it has none. */
  readonly written: string | undefined;
  /** The id among its siblings: theirs alone. */
  readonly id: string;
  /** The ids from the top down to this one: what the task is known by, for ever. */
  readonly key: string;
  /** The task that it stands below in the file. */
  readonly parent: TaskItem | undefined;
  readonly children: TaskItem[];
  /** 1 on top. */
  readonly level: number;
  /** The place in the list of the file, from 0. */
  readonly position: number;
}

/** How deep tasks nest here. */
const DEEPEST_TASK = 16;

/**
 * The task that this one is put below: deeper than tasks nest here, a task further up.
 *
 * @param item - the task
 * @returns its parent; undefined on top
 */
export function parentOf(item: TaskItem): TaskItem | undefined {
  let parent = item.parent;
  while (parent !== undefined && parent.level >= DEEPEST_TASK) parent = parent.parent;
  return parent;
}

/**
 * Whether a task stands above another one in the file.
 *
 * @param upper - the one
 * @param item - the other
 * @returns true when the second is below the first, however deep
 */
export function isAbove(upper: TaskItem, item: TaskItem): boolean {
  for (let above = item.parent; above !== undefined; above = above.parent) if (above === upper) return true;
  return false;
}
