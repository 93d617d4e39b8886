import { type JsonNode, type JsonObject, memberOf } from "../json/json-node.ts";

/** Rows of a file: tasks on top, subtasks on any level, dependencies of both. */
export interface Counts {
  tasks: number;
  subtasks: number;
  dependencies: number;
}

/** Makes counts of nothing. */
export function noCounts(): Counts {
  return { tasks: 0, subtasks: 0, dependencies: 0 };
}

/** Adds counts to others. */
export function addCounts(to: Counts, more: Readonly<Counts>): void {
  to.tasks += more.tasks;
  to.subtasks += more.subtasks;
  to.dependencies += more.dependencies;
}

/**
 * Counts what a list of tasks holds. It knows nothing of what becomes of it, so that the sum of what did can be
 * compared with it.
 *
 * @param entries - the list
 * @param kind - whether these are tasks or subtasks
 * @returns entries of whatever type, and what is below them
 */
export function countEntries(entries: readonly JsonNode[], kind: "tasks" | "subtasks"): Counts {
  const counts = noCounts();
  for (const entry of entries) {
    counts[kind] += 1;
    if (entry.kind === "object") addCounts(counts, countBelow(entry));
  }
  return counts;
}

/**
 * Counts what an object holds, lists that a later member of the same name took the place of among it.
 *
 * @param task - the object
 * @returns its subtasks, and the dependencies of all
 */
export function countBelow(task: JsonObject): Counts {
  const counts = countLosses(task);
  const subtasks = memberOf(task, "subtasks");
  if (subtasks?.kind === "array") addCounts(counts, countEntries(subtasks.items, "subtasks"));
  counts.dependencies += countDependencies(memberOf(task, "dependencies"));
  return counts;
}

/**
 * Counts what an object lost because a later member has the same name.
 *
 * @param task - the object
 * @returns the subtasks and dependencies in what was lost
 */
export function countLosses(task: JsonObject): Counts {
  const counts = noCounts();
  for (const { name, value } of task.overwritten) {
    if (name === "subtasks" && value.kind === "array") addCounts(counts, countEntries(value.items, "subtasks"));
    if (name === "dependencies") counts.dependencies += countDependencies(value);
  }
  return counts;
}

/**
 * How many dependencies a value names.
 *
 * @param value - what a task says
 * @returns the entries of a list, the parts between commas of a text, one for anything else but nothing
 */
export function countDependencies(value: JsonNode | undefined): number {
  if (value === undefined || (value.kind === "literal" && value.value === null)) return 0;
  if (value.kind === "array") return value.items.length;
  return value.kind === "string" ? splitDependencies(value.value).length : 1;
}

/** The ids in a text such as "1, 2". */
export function splitDependencies(text: string): readonly string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
