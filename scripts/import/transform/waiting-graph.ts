import type { Edge } from "./dependencies.ts";
import { parentOf, type TaskItem } from "./task-item.ts";

/**
 * What waits for what: of each task its start and its end. A task ends after it starts and after its subtasks end; it
 * starts after its parent may start, and after what it depends on ends. The database sees it alike
 * (private.find_task_circle).
 */
export interface WaitingGraph {
  readonly size: number;
  /** What each node waits for, apart from dependencies. */
  readonly fixed: readonly (readonly number[])[];
  /** For each dependency the node that waits, and the one it waits for. */
  readonly arcs: readonly (readonly [from: number, to: number])[];
}

/**
 * Makes the graph of a tag.
 *
 * @param items - its tasks
 * @param edges - its dependencies
 * @returns the graph; node 2n is the start of task n and 2n + 1 its end
 */
export function waitingGraph(items: readonly TaskItem[], edges: readonly Edge[]): WaitingGraph {
  const numbers = new Map(items.map((item, number) => [item, number]));
  const startOf = (item: TaskItem): number => 2 * (numbers.get(item) ?? 0);
  const fixed: number[][] = Array.from({ length: 2 * items.length }, () => []);
  for (const item of items) {
    fixed[startOf(item) + 1]?.push(startOf(item));
    const parent = parentOf(item);
    if (parent === undefined) continue;
    fixed[startOf(item)]?.push(startOf(parent));
    fixed[startOf(parent) + 1]?.push(startOf(item) + 1);
  }
  const arcs = edges.map(({ task, on }) => [startOf(task), startOf(on) + 1] as const);
  return { size: fixed.length, fixed, arcs };
}

/**
 * Finds out which nodes wait for each other (Tarjan's strongly connected components, without recursion).
 *
 * @param graph - the graph
 * @param isLeftOut - which of its dependencies to leave out
 * @returns for each node the number of its component
 */
export function componentsOf(graph: WaitingGraph, isLeftOut: (arc: number) => boolean): Int32Array {
  const next: number[][] = graph.fixed.map((nodes) => [...nodes]);
  graph.arcs.forEach(([from, to], arc) => {
    if (!isLeftOut(arc)) next[from]?.push(to);
  });
  const order = new Int32Array(graph.size);
  const low = new Int32Array(graph.size);
  const component = new Int32Array(graph.size).fill(-1);
  const line = new Int32Array(graph.size);
  const stack: number[] = [];
  let time = 0;
  let count = 0;
  for (let root = 0; root < graph.size; root += 1) {
    if (order[root] !== 0) continue;
    const path = [root];
    while (path.length > 0) {
      const node = path[path.length - 1] ?? 0;
      if (order[node] === 0) {
        order[node] = low[node] = time += 1;
        stack.push(node);
      }
      const to = next[node]?.[line[node] ?? 0];
      if (to !== undefined) {
        line[node] = (line[node] ?? 0) + 1;
        if (order[to] === 0) path.push(to);
        else if (component[to] === -1) low[node] = Math.min(low[node] ?? 0, order[to] ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
      if (low[node] !== order[node]) continue;
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component[member] = count;
        if (member === node) break;
      }
      count += 1;
    }
  }
  return component;
}
