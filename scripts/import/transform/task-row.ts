import { createHash } from "node:crypto";
import {
  jsonArray,
  type JsonNode,
  type JsonObject,
  jsonObject,
  jsonText,
  memberOf,
  pointerTo,
  writeJson,
} from "../json/json-node.ts";
import { type Note, type OddityCode } from "../report/oddity.ts";
import { Refusal } from "../report/refusal.ts";
import { type ColumnValue, hoursOf, listOf, MOST, textOf } from "./column-text.ts";
import { storableJson, storableText } from "./storable.ts";
import { parentOf, type TaskItem } from "./task-item.ts";
import { titleOf } from "./task-title.ts";
import { priorityOf, statusOf } from "./task-words.ts";
import type { TaskPriority, TaskStatus } from "./words.ts";

/** A row of public.tasks, but for what the database knows: its ids. */
export interface TaskRow {
  readonly source_key: string;
  readonly parent_key: string | null;
  readonly title: string;
  readonly description: string | null;
  readonly details: string | null;
  readonly test_strategy: string | null;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly position: number;
  readonly effort_estimate: number | null;
  readonly effort_actual: number | null;
  readonly acceptance_criteria: readonly string[];
  readonly tags: readonly string[];
  /** JSON. */
  readonly metadata: string;
  /** The keys of the tasks that it depends on. */
  readonly depends_on: readonly string[];
  readonly source_hash: string;
}

/** What else is known about a task. */
export interface TaskFacts {
  /** The statuses and priorities of the tasks above, which subtasks take over. */
  readonly above: { readonly status: TaskStatus; readonly priority: TaskPriority } | undefined;
  /** The tasks that it depends on in the end. */
  readonly dependsOn: readonly TaskItem[];
  /** Whether some of its dependencies did not become one. */
  readonly hasLostDependencies: boolean;
  /** Its entry in a complexity report. */
  readonly complexity: JsonObject | undefined;
}

const LARGEST_METADATA = 4_194_304;

/** The members that columns hold, or that are told in another way. What else a task has is kept in metadata. */
const TAKEN = new Set([
  "id",
  "title",
  "description",
  "details",
  "testStrategy",
  "status",
  "priority",
  "dependencies",
  "subtasks",
  "acceptanceCriteria",
  "tags",
  "effort",
  "actualEffort",
  "metadata",
]);

/**
 * Makes the row of a task.
 *
 * @param item - the task
 * @param facts - what its surroundings say
 * @param note - takes note of oddities
 * @returns the row
 * @throws Refusal `task_too_large` when metadata cannot hold what the columns cannot
 */
export function taskRow(item: TaskItem, facts: TaskFacts, note: Note): TaskRow {
  const { node } = item;
  const kept = new Set<string>();
  const take = <T>(name: string, { value, loss }: ColumnValue<T>): T => {
    if (loss !== undefined) {
      kept.add(name);
      note({ code: loss, pointer: pointerTo(item.pointer, name), message: LOSSES[loss] });
    }
    return value;
  };
  const title = titleOf(item, note);
  if (!title.isWhole) kept.add("title");
  const status = statusOf(item, facts.above, note);
  if (!status.isPlain) kept.add("status");
  const priority = priorityOf(item, facts.above, note);
  if (!priority.isPlain) kept.add("priority");
  if (facts.hasLostDependencies) kept.add("dependencies");
  if (item.written !== undefined && item.written !== item.id) kept.add("id");
  const subtasks = memberOf(node, "subtasks");
  if (subtasks !== undefined && subtasks.kind !== "array") kept.add("subtasks");

  const columns = {
    source_key: item.key,
    parent_key: parentOf(item)?.key ?? null,
    title: title.value,
    description: take("description", textOf(node, "description", MOST.descriptionBytes)),
    details: take("details", textOf(node, "details", MOST.detailsBytes)),
    test_strategy: take("testStrategy", textOf(node, "testStrategy", MOST.testStrategyBytes)),
    status: status.value,
    priority: priority.value,
    position: item.position,
    effort_estimate: take("effort", hoursOf(node, "effort")),
    effort_actual: take("actualEffort", hoursOf(node, "actualEffort")),
    acceptance_criteria: take("acceptanceCriteria", listOf(node, "acceptanceCriteria", MOST.listItems, MOST.listBytes)),
    tags: take("tags", listOf(node, "tags", MOST.tags, MOST.tagBytes)),
    depends_on: facts.dependsOn.map(({ key }) => key),
  };
  const metadata = metadataOf(item, kept, facts, note);
  const hash = createHash("sha256").update(JSON.stringify([columns, metadata])).digest("hex");
  return { ...columns, metadata, source_hash: `1:${hash}` };
}

const LOSSES: Readonly<Record<NonNullable<ColumnValue<unknown>["loss"]>, string>> = {
  text_cut: "The text is longer than its column.",
  value_converted: "The value is of another type than its column.",
  value_kept_apart: "The value does not fit its column.",
};

/** Everything that no column has, as {"fields": ..., "user": ..., "complexity": ..., ...}. */
function metadataOf(item: TaskItem, kept: ReadonlySet<string>, facts: TaskFacts, note: Note): string {
  const { node } = item;
  const escaped = new Map<string, JsonNode>();
  const store = (value: JsonNode, pointer: string): JsonNode =>
    storableJson(value, (change) => {
      const code: OddityCode = change.kind === "text" ? "text_not_storable" : "number_as_text";
      const message = change.kind === "text"
        ? "The text holds a NUL or half a character."
        : "The number is beyond what the database takes.";
      note({ code, pointer: item.pointer + change.pointer, message });
      escaped.set(storableText(change.pointer), jsonText(change.escaped));
    }, pointer);
  const fields = [...node.members].filter(([name, value]) => !TAKEN.has(name) || (kept.has(name) && !isNull(value)));
  // Columns hold these as they are, but for what cannot be stored.
  for (const [name, value] of node.members) {
    if (TAKEN.has(name) && name !== "subtasks" && name !== "metadata" && !kept.has(name)) {
      store(value, pointerTo("", name));
    }
  }
  const user = memberOf(node, "metadata");
  const members = {
    fields: fields.length === 0 ? undefined : store({ kind: "object", members: new Map(fields), overwritten: [] }, ""),
    user: user === undefined ? undefined : store(user, "/metadata"),
    overwritten: node.overwritten.length === 0 ? undefined : jsonArray(
      node.overwritten.map(({ name, value }) => store(jsonObject({ name: jsonText(name), value }), "")),
    ),
    complexity: facts.complexity === undefined ? undefined : storableJson(facts.complexity, () => undefined),
    depends_on: facts.dependsOn.length === 0 ? undefined : jsonArray(facts.dependsOn.map(({ key }) => jsonText(key))),
    escaped: escaped.size === 0 ? undefined : { kind: "object", members: escaped, overwritten: [] } as const,
  };
  // After the others: they fill it.
  const text = writeJson(jsonObject(members));
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_METADATA) {
    throw new Refusal(
      "task_too_large",
      `What no column takes of the task ${item.pointer} has ${bytes} bytes; metadata takes ${LARGEST_METADATA}.`,
    );
  }
  return text;
}

function isNull(node: JsonNode): boolean {
  return node.kind === "literal" && node.value === null;
}
