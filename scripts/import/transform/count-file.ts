import type { JsonNode } from "../json/json-node.ts";
import { Refusal } from "../report/refusal.ts";
import { addCounts, countEntries, type Counts, noCounts } from "./counts.ts";
import { isTask, tagLists } from "./tag-lists.ts";

/**
 * Counts what a file has, whatever becomes of it.
 *
 * @param root - the file
 * @returns its tasks, subtasks and dependencies; none when it is no file of Task Master
 */
export function countFile(root: JsonNode): Counts {
  const counts = lostTasks(root);
  try {
    for (const { tasks } of tagLists(root, () => undefined).lists) {
      addCounts(counts, countEntries(tasks.items, "tasks"));
    }
    return counts;
  } catch (error) {
    if (error instanceof Refusal) return noCounts();
    throw error;
  }
}

/**
 * Counts the tasks of lists that a later member of the same name took the place of.
 *
 * @param root - the file
 * @returns what is in them
 */
export function lostTasks(root: JsonNode): Counts {
  const lost = noCounts();
  if (root.kind !== "object") return lost;
  const inTags = [...root.members.values()].flatMap((value) => (value.kind === "object" ? value.overwritten : []));
  for (const { name, value } of [...root.overwritten, ...inTags.filter((member) => member.name === "tasks")]) {
    const list = value.kind === "object" ? value.members.get("tasks") : value;
    if (list?.kind !== "array") continue;
    const isList = name === "tasks" || value.kind === "object" || list.items.some(isTask);
    if (isList) addCounts(lost, countEntries(list.items, "tasks"));
  }
  return lost;
}
