import { type JsonNode, jsonObject, memberOf, pointerTo } from "../json/json-node.ts";
import { type Note, quote } from "../report/oddity.ts";
import { addCounts, countBelow, countLosses, type Counts, noCounts } from "./counts.ts";
import type { TagList } from "./tag-lists.ts";
import { identify, keyOf } from "./task-ids.ts";
import type { TaskItem } from "./task-item.ts";

/** The tasks of a tag as a tree, and what of its list is not in it. */
export interface TaskTree {
  readonly top: readonly TaskItem[];
  /** All of them: each before those below it, siblings in their order. */
  readonly items: readonly TaskItem[];
  readonly merged: Counts;
  readonly refused: Counts;
}

/**
 * Makes a tree of the tasks of a tag, and gives each its key.
 *
 * @param list - the tag
 * @param note - takes note of oddities
 * @returns the tree
 */
export function taskTree(list: TagList, note: Note): TaskTree {
  const items: TaskItem[] = [];
  const merged = noCounts();
  const refused = noCounts();
  const grow = (entries: readonly JsonNode[], parent: TaskItem | undefined, pointer: string): TaskItem[] => {
    const kind = parent === undefined ? "tasks" : "subtasks";
    const usable = entries.flatMap((entry, index) => {
      const node = asTask(entry, pointerTo(pointer, index), note);
      if (node === undefined) refused[kind] += 1;
      return node === undefined ? [] : [{ index, node }];
    });
    return identify(usable, parent, (index) => pointerTo(pointer, index), note).flatMap((entry) => {
      if (entry.node.kind !== "object") return [];
      if (entry.id === undefined) {
        merged[kind] += 1;
        addCounts(merged, countBelow(entry.node));
        return [];
      }
      const item: TaskItem = {
        node: entry.node,
        pointer: pointerTo(pointer, entry.index),
        written: entry.written,
        id: entry.id,
        key: keyOf(parent, entry.id),
        parent,
        children: [],
        level: (parent?.level ?? 0) + 1,
        position: entry.index,
      };
      items.push(item);
      addCounts(refused, countLosses(item.node));
      noteShape(item, note);
      const subtasks = memberOf(item.node, "subtasks");
      if (subtasks?.kind === "array") {
        item.children.push(...grow(subtasks.items, item, pointerTo(item.pointer, "subtasks")));
      }
      return [item];
    });
  };
  const top = grow(list.tasks.items, undefined, list.pointer);
  return { top, items, merged, refused };
}

function asTask(entry: JsonNode, pointer: string, note: Note): JsonNode | undefined {
  if (entry.kind === "object") return entry;
  if (entry.kind === "string" && entry.value.trim() !== "") {
    note({ code: "entry_is_text", pointer, message: `${quote(entry.value)} becomes the title of a task.` });
    return jsonObject({ title: entry });
  }
  note({ code: "entry_not_a_task", pointer, message: "The entry is neither an object nor a text." });
  return undefined;
}

function noteShape(item: TaskItem, note: Note): void {
  const subtasks = memberOf(item.node, "subtasks");
  if (subtasks !== undefined && subtasks.kind !== "array") {
    note({
      code: "subtasks_not_a_list",
      pointer: pointerTo(item.pointer, "subtasks"),
      message: "subtasks is not a list.",
    });
  }
  if (item.level > 16) {
    note({ code: "nested_too_deep", pointer: item.pointer, message: `The task is on level ${item.level}.` });
  }
  if (/~[0-9a-f]{16}$/.test(item.key) && item.key.length >= 500) {
    note({
      code: "key_too_long",
      pointer: item.pointer,
      message: "The ids down to this task are longer than 500 characters.",
    });
  }
}
