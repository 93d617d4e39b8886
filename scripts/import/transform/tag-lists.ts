import { type JsonArray, type JsonNode, type JsonObject, memberOf, pointerTo } from "../json/json-node.ts";
import { type Note, quote } from "../report/oddity.ts";
import { Refusal } from "../report/refusal.ts";

/** How a file is laid out: tasks at the root, in tags, in arrays that are tags, or at the root and in tags. */
export type Variant = "root" | "tagged" | "bare arrays" | "hybrid";

/** The tasks of one tag. */
export interface TagList {
  readonly tag: string;
  readonly pointer: string;
  readonly tasks: JsonArray;
  /** What else the file says about the tag. */
  readonly about: JsonObject | undefined;
}

/** The tags of a file. */
export interface TagLists {
  readonly variant: Variant;
  readonly lists: readonly TagList[];
  /** The members of the root that are no tags. */
  readonly rest: JsonObject;
}

/** What Task Master calls the tag of tasks that have none. */
const DEFAULT_TAG = "master";

/**
 * Finds the lists of tasks of a file by their shape, whatever their names are.
 *
 * @param root - the file
 * @param note - takes note of oddities
 * @returns the lists
 * @throws Refusal `not_a_task_file` with what the file is instead
 */
export function tagLists(root: JsonNode, note: Note): TagLists {
  if (root.kind !== "object") throw notTasks(root.kind === "array" ? "an array" : "a single value");
  const tasks = root.members.get("tasks");
  const lists: TagList[] = [];
  const arrays: TagList[] = [];
  const rest = new Map<string, JsonNode>();
  for (const [name, value] of root.members) {
    const pointer = pointerTo("", name);
    const inside = value.kind === "object" ? value.members.get("tasks") : undefined;
    if (value === tasks && value.kind === "array") continue;
    if (value.kind === "object" && inside?.kind === "array" && mayBeTasks(inside)) {
      lists.push({ tag: name, pointer: pointerTo(pointer, "tasks"), tasks: inside, about: without(value, "tasks") });
    } else if (value.kind === "array" && tasks === undefined && value.items.some(isTask)) {
      arrays.push({ tag: name, pointer, tasks: value, about: undefined });
    } else {
      rest.set(name, value);
    }
  }
  const tagged = [...lists, ...arrays];
  for (const { pointer } of arrays) note({ code: "bare_array", pointer, message: "The tag is an array." });
  const kept: JsonObject = { kind: "object", members: rest, overwritten: [] };
  if (tasks?.kind === "array") {
    const variant = tagged.length === 0 ? "root" : "hybrid";
    if (variant === "hybrid") {
      note({ code: "hybrid", pointer: "/tasks", message: "There are tags beside these tasks." });
    }
    // Task Master makes "master" of them. Where a tag has that name already they are another list.
    const tag = tagged.some((list) => list.tag === DEFAULT_TAG) ? "(root)" : DEFAULT_TAG;
    const all = [{ tag, pointer: "/tasks", tasks, about: undefined }, ...tagged];
    refuseOthers(all);
    return { variant, lists: all, rest: kept };
  }
  if (tagged.length === 0) throw notTasks(describe(root, tasks));
  refuseOthers(tagged);
  noteRest(kept, note);
  return { variant: lists.length === 0 ? "bare arrays" : "tagged", lists: tagged, rest: kept };
}

/** Beside tasks at the root anything may stand; beside tags Task Master would take it for one. */
function noteRest(rest: JsonObject, note: Note): void {
  for (const [name, value] of rest.members) {
    const pointer = pointerTo("", name);
    const hasList = value.kind === "array" || (value.kind === "object" && value.members.get("tasks")?.kind === "array");
    if (hasList) {
      note({ code: "not_a_tag", pointer, message: `${quote(name)} holds a list, and none of its entries is a task.` });
    } else note({ code: "unknown_root_member", pointer, message: `${quote(name)} is no tag.` });
  }
}

/**
 * Whether an object looks like a task of Task Master, and not like one of the many other things that are called so.
 *
 * @param node - any value
 * @returns true when it has a title, and a status or dependencies
 */
export function isTask(node: JsonNode): boolean {
  if (node.kind !== "object") return false;
  const title = memberOf(node, "title");
  return title?.kind === "string" && (node.members.has("status") || node.members.has("dependencies"));
}

function mayBeTasks(list: JsonArray): boolean {
  return list.items.length === 0 || list.items.some(isTask);
}

/** Other programs have lists that are called tasks, too. */
function refuseOthers(lists: readonly TagList[]): void {
  const entries = lists.flatMap(({ tasks }) => tasks.items);
  const tasks = entries.filter(isTask).length;
  if (tasks * 2 >= entries.length) return;
  throw notTasks(
    `a list in which ${tasks} of ${entries.length} entries have a title and a status or dependencies: less than half`,
  );
}

function describe(root: JsonObject, tasks: JsonNode | undefined): string {
  if (tasks !== undefined) {
    return `an object whose "tasks" is ${tasks.kind === "object" ? "an object" : "a single value"}`;
  }
  if (root.members.size === 0) return "an object without members";
  const names = [...root.members.keys()].slice(0, 5).map(quote).join(", ");
  return `an object with ${names}${root.members.size > 5 ? " and more" : ""}, in none of which a list of tasks is`;
}

function notTasks(what: string): Refusal {
  return new Refusal("not_a_task_file", `It is no tasks.json of Task Master but ${what}.`);
}

function without(node: JsonObject, name: string): JsonObject {
  const members = new Map(node.members);
  members.delete(name);
  return { ...node, members };
}
