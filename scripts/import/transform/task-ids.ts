import { createHash } from "node:crypto";
import { type JsonNode, memberOf, wordOf, writeJson } from "../json/json-node.ts";
import { type Note, quote } from "../report/oddity.ts";
import { storableText } from "./storable.ts";
import type { TaskItem } from "./task-item.ts";

/** An entry of a list with the id it is given; without one it is the same as an earlier entry. */
export interface Identified {
  readonly index: number;
  readonly node: JsonNode;
  readonly written: string | undefined;
  readonly id: string | undefined;
}

const LONGEST_KEY = 500;

/**
 * Gives each entry of a list an id that it has alone among its siblings.
 *
 * @param entries - objects and texts of the list, with their indexes in it
 * @param parent - the task they are subtasks of
 * @param pointer - finds the pointer to an entry
 * @param note - takes note of oddities
 * @returns the entries in their order
 */
export function identify(
  entries: readonly { readonly index: number; readonly node: JsonNode }[],
  parent: TaskItem | undefined,
  pointer: (index: number) => string,
  note: Note,
): readonly Identified[] {
  const named = entries.map(({ index, node }) => {
    const written = node.kind === "object" ? wordOf(memberOf(node, "id")) || undefined : undefined;
    const plain = written === undefined ? undefined : withoutParent(written, parent);
    // Stored before it is compared: two ids must not become one in the database.
    const own = plain === undefined ? undefined : storableText(plain);
    if (plain !== written) {
      note({
        code: "id_not_plain",
        pointer: pointer(index),
        message: `The id ${quote(written ?? "")} is ${quote(plain ?? "")} of its parent.`,
      });
    }
    return { index, node, written, own };
  });
  const first = new Map<string, (typeof named)[number]>();
  for (const entry of named) if (entry.own !== undefined && !first.has(entry.own)) first.set(entry.own, entry);
  const taken = new Set(first.keys());
  let number = Math.max(0, ...[...taken].filter((id) => /^\d{1,9}$/.test(id)).map(Number));

  return named.map(({ index, node, written, own }) => {
    if (own === undefined) {
      do number += 1; while (taken.has(String(number)));
      taken.add(String(number));
      note({ code: "id_missing", pointer: pointer(index), message: `The task has no id. It gets ${number}.` });
      return { index, node, written, id: String(number) };
    }
    const earlier = first.get(own);
    if (earlier === undefined || earlier.index === index) return { index, node, written, id: own };
    if (writeJson(earlier.node) === writeJson(node)) {
      note({
        code: "task_repeated",
        pointer: pointer(index),
        message: `The task is the same as ${pointer(earlier.index)}.`,
      });
      return { index, node, written, id: undefined };
    }
    let mark = 2;
    while (taken.has(`${own}~${mark}`)) mark += 1;
    taken.add(`${own}~${mark}`);
    note({
      code: "id_duplicate",
      pointer: pointer(index),
      message: `${pointer(earlier.index)} has the id ${quote(own)} already. This one gets ${quote(`${own}~${mark}`)}.`,
    });
    return { index, node, written, id: `${own}~${mark}` };
  });
}

/** 3.1 in task 3 is its subtask 1; 4.1 in task 3 is called just that. */
function withoutParent(written: string, parent: TaskItem | undefined): string {
  const names = [...new Set([parent?.written, parent?.id, parent?.key])].filter((name) => name !== undefined);
  for (const name of names) {
    const rest = written.startsWith(`${name}.`) ? written.slice(name.length + 1) : "";
    if (rest !== "" && !rest.includes(".")) return rest;
  }
  return written;
}

/**
 * The key of a task: the ids down to it, such as 3.2. A point that is part of an id is written "\.".
 *
 * @param parent - the task above
 * @param id - its id among its siblings
 * @returns at most 500 characters; of longer ones the beginning, and a hash of all of it
 */
export function keyOf(parent: TaskItem | undefined, id: string): string {
  const own = id.replace(/[\\.]/g, "\\$&");
  return shorten(parent === undefined ? own : `${parent.key}.${own}`, LONGEST_KEY);
}

/**
 * Cuts a text and makes sure that it stays another one than other texts that begin alike.
 *
 * @param text - any text
 * @param most - characters that it may have
 * @returns the text, or its beginning with a hash of the whole
 */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return `${characters.slice(0, most - 17).join("")}~${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
