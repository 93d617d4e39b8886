import { memberOf, pointerTo } from "../json/json-node.ts";
import { type Note, quote } from "../report/oddity.ts";
import type { TaskItem } from "./task-item.ts";
import { type Mapped, mapPriority, mapStatus, type TaskPriority, type TaskStatus } from "./words.ts";

interface Words {
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
}

/**
 * The status of a task.
 *
 * @param item - the task
 * @param above - what the task above it has
 * @param note - takes note of oddities
 * @returns the status, and whether the file says it in Task Master's own words
 */
export function statusOf(item: TaskItem, above: Words | undefined, note: Note): Mapped<TaskStatus> {
  const member = memberOf(item.node, "status");
  const word = member?.kind === "string" ? member.value : undefined;
  if (member === undefined || word?.trim() === "") {
    const value = above?.status === "done" ? "done" : "pending";
    note({
      code: "status_absent",
      pointer: item.pointer,
      message: `The task has no status. It is ${value}${value === "done" ? ", as its parent is" : ""}.`,
    });
    return { value, isPlain: member === undefined };
  }
  const pointer = pointerTo(item.pointer, "status");
  const mapped = word === undefined ? undefined : mapStatus(word);
  if (mapped === undefined) {
    const said = word === undefined ? "The status is no text" : `The status ${quote(word)} is not known`;
    note({ code: "status_unknown", pointer, message: `${said}. The task is pending.` });
    return { value: "pending", isPlain: false };
  }
  if (!mapped.isPlain) {
    note({ code: "status_mapped", pointer, message: `${quote(word ?? "")} is ${mapped.value} here.` });
  }
  return mapped;
}

/**
 * The priority of a task.
 *
 * @param item - the task
 * @param above - what the task above it has
 * @param note - takes note of oddities
 * @returns the priority, and whether the file says it in Task Master's own words
 */
export function priorityOf(item: TaskItem, above: Words | undefined, note: Note): Mapped<TaskPriority> {
  const member = memberOf(item.node, "priority");
  const word = member?.kind === "string" ? member.value : undefined;
  const otherwise = above?.priority ?? "medium";
  if (member === undefined || word?.trim() === "") {
    // Task Master gives subtasks none.
    if (above === undefined) {
      note({ code: "priority_absent", pointer: item.pointer, message: "The task has no priority. It is medium." });
    }
    return { value: otherwise, isPlain: member === undefined };
  }
  const pointer = pointerTo(item.pointer, "priority");
  const mapped = word === undefined ? undefined : mapPriority(word);
  if (mapped === undefined) {
    const said = word === undefined ? "The priority is no text" : `The priority ${quote(word)} is not known`;
    note({ code: "priority_unknown", pointer, message: `${said}. It is ${otherwise}.` });
    return { value: otherwise, isPlain: false };
  }
  if (!mapped.isPlain) {
    note({ code: "priority_mapped", pointer, message: `${quote(word ?? "")} is ${mapped.value} here.` });
  }
  return mapped;
}
