import type { Edge } from "./dependencies.ts";
import type { TaskItem } from "./task-item.ts";
import { componentsOf, type WaitingGraph, waitingGraph } from "./waiting-graph.ts";

/** How many sets of dependencies are tried before the smallest set is no longer looked for. */
const MOST_TRIES = 2_000;

/**
 * Finds dependencies without which no tasks wait for each other in a circle: as few as can be found, and of as many
 * the ones that stand later in the file. None of them could be kept: with any one of them there is a circle again.
 *
 * @param items - the tasks of a tag
 * @param edges - their dependencies in the order of the file
 * @returns the dependencies to leave out
 */
export function edgesInCircles(items: readonly TaskItem[], edges: readonly Edge[]): ReadonlySet<Edge> {
  const graph = waitingGraph(items, edges);
  const component = componentsOf(graph, () => false);
  // A circle is within one component, so each is for itself.
  const groups = new Map<number, number[]>();
  graph.arcs.forEach(([from, to], arc) => {
    const at = component[from] ?? -1;
    if (at !== component[to]) return;
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [arc]);
    else group.push(arc);
  });
  const dropped = new Set<Edge>();
  for (const [at, arcs] of groups) {
    const part = partOf(graph, component, at, arcs);
    for (const place of smallestSet(part) ?? laterOnes(part)) {
      const edge = edges[arcs[place] ?? -1];
      if (edge !== undefined) dropped.add(edge);
    }
  }
  return dropped;
}

/** One component as a graph of its own. */
function partOf(graph: WaitingGraph, component: Int32Array, at: number, arcs: readonly number[]): WaitingGraph {
  const numbers = new Map<number, number>();
  component.forEach((each, node) => {
    if (each === at) numbers.set(node, numbers.size);
  });
  const inside = (nodes: readonly number[]): number[] => nodes.flatMap((node) => numbers.get(node) ?? []);
  return {
    size: numbers.size,
    fixed: [...numbers.keys()].map((node) => inside(graph.fixed[node] ?? [])),
    arcs: arcs.map((arc) => {
      const [from = 0, to = 0] = graph.arcs[arc] ?? [];
      return [numbers.get(from) ?? 0, numbers.get(to) ?? 0] as const;
    }),
  };
}

/** The first set, by size and then from the end of the file, that leaves no circle; undefined: too many to try. */
function smallestSet(part: WaitingGraph): readonly number[] | undefined {
  let tries = 0;
  const total = part.arcs.length;
  const search = (set: readonly number[], below: number, more: number): readonly number[] | undefined => {
    if (more === 0) {
      tries += part.size > 0 ? Math.ceil(part.size / 64) : 1;
      return tries <= MOST_TRIES && isFree(part, set) ? set : undefined;
    }
    for (let arc = below - 1; arc >= more - 1 && tries <= MOST_TRIES; arc -= 1) {
      const found = search([...set, arc], arc, more - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (let size = 1; size <= total && tries <= MOST_TRIES; size += 1) {
    const found = search([], total, size);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFree(part: WaitingGraph, leftOut: readonly number[]): boolean {
  const component = componentsOf(part, (arc) => leftOut.includes(arc));
  return new Set(component).size === part.size;
}

/** Adds one dependency after the other in the order of the file, and leaves out which would close a circle. */
function laterOnes(part: WaitingGraph): readonly number[] {
  const next = part.fixed.map((nodes) => [...nodes]);
  const seen = new Int32Array(part.size);
  const leftOut: number[] = [];
  part.arcs.forEach(([from, to], arc) => {
    if (leadsTo(next, to, from, seen, arc + 1)) leftOut.push(arc);
    else next[from]?.push(to);
  });
  return leftOut;
}

function leadsTo(
  next: readonly (readonly number[])[],
  from: number,
  to: number,
  seen: Int32Array,
  mark: number,
): boolean {
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true;
    if (seen[node] === mark) continue;
    seen[node] = mark;
    for (const each of next[node] ?? []) if (seen[each] !== mark) open.push(each);
  }
  return false;
}
