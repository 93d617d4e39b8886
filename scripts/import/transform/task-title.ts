import { memberOf, pointerTo } from "../json/json-node.ts";
import { type Note, quote } from "../report/oddity.ts";
import { cutCharacters, MOST } from "./column-text.ts";
import { storableText } from "./storable.ts";
import type { TaskItem } from "./task-item.ts";

/**
 * The title of a task. No task is without one here.
 *
 * @param item - the task
 * @param note - takes note of oddities
 * @returns the title, and whether it is all that the file says
 */
export function titleOf(item: TaskItem, note: Note): { readonly value: string; readonly isWhole: boolean } {
  const member = memberOf(item.node, "title");
  const pointer = pointerTo(item.pointer, "title");
  const text = member?.kind === "string" ? member.value : member?.kind === "number" ? member.text : "";
  if (text.trim() !== "") {
    const whole = storableText(text);
    const value = cutCharacters(whole, MOST.titleCharacters);
    if (value !== whole) note({ code: "text_cut", pointer, message: "The title is longer than 500 characters." });
    if (member?.kind === "number") note({ code: "value_converted", pointer, message: "The title is a number." });
    return { value, isWhole: value === whole && member?.kind === "string" };
  }
  const value = cutCharacters(storableText(replacement(item)), MOST.titleCharacters);
  note({ code: "title_missing", pointer: item.pointer, message: `The task has no title. It gets ${quote(value)}.` });
  return { value, isWhole: member === undefined };
}

function replacement(item: TaskItem): string {
  const description = memberOf(item.node, "description");
  const lines = description?.kind === "string" ? description.value.split(/\r?\n/) : [];
  return lines.map((line) => line.trim()).find((line) => line !== "") ?? `Task ${item.key}`;
}
