import { type JsonNode, memberOf, pointerTo, wordOf } from "../json/json-node.ts";
import { type Note, type OddityCode, quote } from "../report/oddity.ts";
import { splitDependencies } from "./counts.ts";
import { isAbove, type TaskItem } from "./task-item.ts";

/** One task waits for another one. */
export interface Edge {
  readonly task: TaskItem;
  readonly on: TaskItem;
  /** Where the file says so. */
  readonly pointer: string;
}

/** The dependencies of a tag. */
export interface Dependencies {
  readonly edges: readonly Edge[];
  readonly merged: number;
  readonly refused: number;
}

/**
 * Finds the tasks that dependencies lead to. An id in a subtask is that of a sibling first, then of a task further out.
 *
 * @param top - the tasks on top of the tag
 * @param items - all of its tasks
 * @param note - takes note of oddities
 * @returns the dependencies that lead somewhere, each once; circles are still in them
 */
export function findDependencies(top: readonly TaskItem[], items: readonly TaskItem[], note: Note): Dependencies {
  const scopes = new Scopes(top);
  const edges: Edge[] = [];
  let merged = 0;
  let refused = 0;
  for (const task of items) {
    const seen = new Set<TaskItem>();
    for (const { value, pointer } of entriesOf(task, note)) {
      const id = wordOf(value);
      const on = id === undefined ? undefined : scopes.find(task, id);
      const reason = refusalOf(task, id, on);
      if (reason !== undefined) {
        refused += 1;
        note({ code: reason[0], pointer, message: reason[1] });
      } else if (on !== undefined) {
        if (scopes.isShared(on)) {
          note({
            code: "dependency_ambiguous",
            pointer,
            message: `Several tasks have the id ${quote(on.id)}: ${on.pointer} is the first.`,
          });
        }
        if (seen.has(on)) {
          merged += 1;
          note({
            code: "dependency_repeated",
            pointer,
            message: `${quote(task.key)} depends on ${quote(on.key)} already.`,
          });
        } else {
          edges.push({ task, on, pointer });
        }
        seen.add(on);
      }
    }
  }
  return { edges, merged, refused };
}

function refusalOf(
  task: TaskItem,
  id: string | undefined,
  on: TaskItem | undefined,
): readonly [OddityCode, string] | undefined {
  if (id === undefined) return ["dependency_not_an_id", "The dependency is neither a text nor a number."];
  if (on === undefined) return ["dependency_missing", `There is no task ${quote(id)}.`];
  if (on === task) return ["dependency_on_itself", `${quote(task.key)} depends on itself.`];
  if (isAbove(on, task)) return ["dependency_on_parent", `${quote(task.key)} belongs to ${quote(on.key)}.`];
  if (isAbove(task, on)) return ["dependency_on_subtask", `${quote(on.key)} belongs to ${quote(task.key)}.`];
  return undefined;
}

function entriesOf(task: TaskItem, note: Note): readonly { readonly value: JsonNode; readonly pointer: string }[] {
  const value = memberOf(task.node, "dependencies");
  const pointer = pointerTo(task.pointer, "dependencies");
  if (value === undefined) return [];
  if (value.kind === "array") {
    return value.items.map((item, index) => ({ value: item, pointer: pointerTo(pointer, index) }));
  }
  note({ code: "dependencies_not_a_list", pointer, message: "dependencies is not a list." });
  if (value.kind !== "string") return [{ value, pointer }];
  return splitDependencies(value.value).map((id) => ({ value: { kind: "string", value: id }, pointer }));
}

/** The names that tasks can be called by, one scope for the children of each task and one for those on top. */
class Scopes {
  readonly #top: Scope;
  readonly #below = new Map<TaskItem, Scope>();

  constructor(top: readonly TaskItem[]) {
    this.#top = new Scope(top);
  }

  find(task: TaskItem, id: string): TaskItem | undefined {
    for (let above = task.parent; above !== undefined; above = above.parent) {
      const sibling = this.#scopeOf(above).find(id);
      if (sibling !== undefined) return sibling;
    }
    const direct = this.#top.find(id) ?? this.#follow(this.#top, id);
    if (direct !== undefined) return direct;
    for (let above = task.parent; above !== undefined; above = above.parent) {
      const inner = this.#follow(this.#scopeOf(above), id);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }

  isShared(item: TaskItem): boolean {
    return (item.parent === undefined ? this.#top : this.#scopeOf(item.parent)).isShared(item);
  }

  /** "3.2" is 2 below 3. Where ids have points of their own, each of them may be the one that divides. */
  #follow(scope: Scope, id: string): TaskItem | undefined {
    for (let point = id.indexOf("."); point !== -1; point = id.indexOf(".", point + 1)) {
      const head = scope.find(id.slice(0, point));
      if (head === undefined || head.children.length === 0) continue;
      const below = this.#scopeOf(head);
      const found = below.find(id.slice(point + 1)) ?? this.#follow(below, id.slice(point + 1));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #scopeOf(item: TaskItem): Scope {
    let scope = this.#below.get(item);
    if (scope === undefined) this.#below.set(item, scope = new Scope(item.children));
    return scope;
  }
}

class Scope {
  readonly #byId = new Map<string, TaskItem>();
  readonly #byWritten = new Map<string, TaskItem>();
  readonly #shared = new Set<TaskItem>();

  constructor(items: readonly TaskItem[]) {
    for (const item of items) {
      this.#byId.set(item.id, item);
      if (item.written === undefined) continue;
      const first = this.#byWritten.get(item.written);
      if (first === undefined) this.#byWritten.set(item.written, item);
      else this.#shared.add(first);
    }
  }

  find(id: string): TaskItem | undefined {
    return this.#byWritten.get(id) ?? this.#byId.get(id);
  }

  isShared(item: TaskItem): boolean {
    return this.#shared.has(item);
  }
}
