import { type JsonNode, type JsonObject, pointerTo, writeJson } from "../json/json-node.ts";
import { type Note, type Oddity, quote } from "../report/oddity.ts";
import type { SourceFile } from "../source/read-source.ts";
import { edgesInCircles } from "./circles.ts";
import { type Complexity, keptComplexity, readComplexity } from "./complexity.ts";
import { lostTasks } from "./count-file.ts";
import { countEntries, type Counts } from "./counts.ts";
import { type Edge, findDependencies } from "./dependencies.ts";
import { type TagList, tagLists, type Variant } from "./tag-lists.ts";
import type { TaskItem } from "./task-item.ts";
import { type TaskRow, taskRow } from "./task-row.ts";
import { taskTree } from "./task-tree.ts";
import { type WorkflowRow, workflowRow } from "./workflow-row.ts";

/** What becomes of a tag. */
export interface TagPlan {
  readonly tag: string;
  readonly pointer: string;
  readonly workflow: WorkflowRow;
  readonly rows: readonly TaskRow[];
  readonly read: Counts;
  readonly merged: Counts;
  readonly refused: Counts;
  readonly complexity: { readonly file: string; readonly entries: number; readonly joined: number } | undefined;
}

/** What becomes of a file. */
export interface FilePlan {
  readonly variant: Variant;
  readonly tags: readonly TagPlan[];
  /** Tasks in lists that a later member of the same name took the place of. All of them are refused. */
  readonly lost: Counts;
  readonly oddities: readonly Oddity[];
}

/**
 * Plans the import of a file: nothing of it depends on the database.
 *
 * @param file - the file
 * @param path - where it is, absolute
 * @param source - what its workflows are known by
 * @returns the rows to load, and an account of everything in the file
 * @throws Refusal when nothing of the file can be imported
 */
export function planFile(file: SourceFile, path: string, source: string): FilePlan {
  const oddities: Oddity[] = [];
  const note: Note = (oddity) => void oddities.push(oddity);
  const { variant, lists, rest } = tagLists(file.root, note);
  noteOverwritten(file.root, "", note);
  const tags = lists.map((list, index) => planTag(list, index === 0 ? rest : undefined, { path, source, note }));
  return { variant, tags, lost: lostTasks(file.root), oddities };
}

function planTag(
  list: TagList,
  rest: JsonObject | undefined,
  { path, source, note }: { readonly path: string; readonly source: string; readonly note: Note },
): TagPlan {
  const read = countEntries(list.tasks.items, "tasks");
  const tree = taskTree(list, note);
  const { top, items, merged, refused } = tree;
  const found = findDependencies(top, items, note);
  const inCircles = edgesInCircles(items, found.edges);
  for (const { task, on, pointer } of inCircles) {
    const message = `${quote(task.key)} would wait for ${quote(on.key)} and that one for it, in a circle.`;
    note({ code: "dependency_in_circle", pointer, message });
  }
  merged.dependencies += found.merged;
  refused.dependencies += found.refused + inCircles.size;
  const complexity = readComplexity(path, list.tag, items, note);
  const edges = found.edges.filter((edge) => !inCircles.has(edge));
  const rows = rowsOf(items, edges, complexity, note);
  const also = { rest, complexity: complexity?.about };
  const workflow = workflowRow(source, list, also, rows.some(({ status }) => status !== "pending"));
  return {
    tag: list.tag,
    pointer: list.pointer,
    workflow,
    rows,
    read,
    merged,
    refused,
    complexity: complexity === undefined
      ? undefined
      : { file: complexity.file, entries: complexity.entries, joined: complexity.joined.size },
  };
}

function rowsOf(
  items: readonly TaskItem[],
  edges: readonly Edge[],
  complexity: Complexity | undefined,
  note: Note,
): readonly TaskRow[] {
  const dependsOn = new Map<TaskItem, TaskItem[]>();
  for (const { task, on } of edges) {
    const tasks = dependsOn.get(task);
    if (tasks === undefined) dependsOn.set(task, [on]);
    else tasks.push(on);
  }
  const rows = new Map<TaskItem, TaskRow>();
  for (const item of items) {
    const on = dependsOn.get(item) ?? [];
    const entry = complexity?.joined.get(item);
    const facts = {
      above: item.parent === undefined ? undefined : rows.get(item.parent),
      dependsOn: on,
      hasLostDependencies:
        countEntries([{ ...item.node, members: withoutSubtasks(item.node), overwritten: [] }], "tasks")
          .dependencies !== on.length,
      complexity: entry === undefined ? undefined : keptComplexity(entry),
    };
    rows.set(item, taskRow(item, facts, note));
  }
  return [...rows.values()];
}

function withoutSubtasks(node: JsonObject): ReadonlyMap<string, JsonNode> {
  const members = new Map(node.members);
  members.delete("subtasks");
  return members;
}

function noteOverwritten(node: JsonNode, pointer: string, note: Note): void {
  if (node.kind === "array") {
    node.items.forEach((item, index) => noteOverwritten(item, pointerTo(pointer, index), note));
  }
  if (node.kind !== "object") return;
  for (const { name, value, place } of node.overwritten) {
    const message = `${quote(name)} is said again later; here it was ${quote(writeJson(value))}.`;
    note({ code: "duplicate_key", pointer: pointerTo(pointer, name), message, place });
  }
  for (const [name, value] of node.members) noteOverwritten(value, pointerTo(pointer, name), note);
}
