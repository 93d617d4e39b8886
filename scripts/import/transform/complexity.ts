import { existsSync } from "node:fs";
import path from "node:path";
import { type JsonNode, type JsonObject, jsonObject, memberOf, pointerTo, wordOf } from "../json/json-node.ts";
import { type Note, quote } from "../report/oddity.ts";
import { Refusal } from "../report/refusal.ts";
import { reportFolders } from "../source/places.ts";
import { readSource } from "../source/read-source.ts";
import type { TaskItem } from "./task-item.ts";

/** What a complexity report says about the tasks of a tag. */
export interface Complexity {
  readonly file: string;
  readonly entries: number;
  readonly joined: ReadonlyMap<TaskItem, JsonObject>;
  /** What it says about itself. */
  readonly about: JsonNode | undefined;
}

/**
 * Finds the complexity report of a tag, and the tasks that its entries are about.
 *
 * @param file - the tasks.json, absolute
 * @param tag - the tag
 * @param items - the tasks of the tag
 * @param note - takes note of oddities
 * @returns the report; undefined when there is none that can be read
 */
export function readComplexity(
  file: string,
  tag: string,
  items: readonly TaskItem[],
  note: Note,
): Complexity | undefined {
  const name = tag === "master" ? "task-complexity-report.json" : `task-complexity-report_${tag}.json`;
  // A tag may be called anything, a path too.
  if (name !== path.basename(name) || name.includes("\0")) return undefined;
  const found = reportFolders(file).map((folder) => path.join(folder, name)).find((each) => existsSync(each));
  if (found === undefined) return undefined;
  const told = path.relative(path.dirname(file), found);
  const root = readReport(found, told, note);
  if (root === undefined) return undefined;
  const analysis = memberOf(root, "complexityAnalysis");
  const entries = analysis?.kind === "array" ? analysis.items : [];
  const byName = new Map<string, TaskItem>();
  for (const item of [...items].reverse()) {
    byName.set(item.key, item);
    if (item.parent === undefined && item.written !== undefined) byName.set(item.written, item);
  }
  const joined = new Map<TaskItem, JsonObject>();
  entries.forEach((entry, index) => {
    const id = entry.kind === "object" ? wordOf(memberOf(entry, "taskId")) : undefined;
    const item = id === undefined ? undefined : byName.get(id);
    if (item !== undefined && entry.kind === "object") joined.set(item, entry);
    else {
      const pointer = pointerTo("/complexityAnalysis", index);
      note({
        code: "complexity_of_no_task",
        pointer,
        file: told,
        message: `There is no task ${quote(id ?? "")} in ${quote(tag)}.`,
      });
    }
  });
  return { file: told, entries: entries.length, joined, about: memberOf(root, "meta") };
}

function readReport(file: string, told: string, note: Note): JsonObject | undefined {
  try {
    const { root } = readSource(file);
    if (root.kind === "object") return root;
    note({ code: "complexity_report_unreadable", pointer: "", file: told, message: "It is no object." });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const place = error.place === undefined ? {} : { place: error.place };
    note({ code: "complexity_report_unreadable", pointer: "", file: told, message: error.message, ...place });
  }
  return undefined;
}

/**
 * What of a report's entry is kept with the task.
 *
 * @param entry - the entry
 * @returns the entry without what the task says itself
 */
export function keptComplexity(entry: JsonObject): JsonObject {
  const members = [...entry.members].filter(([name]) => name !== "taskId" && name !== "taskTitle");
  return jsonObject(Object.fromEntries(members));
}
