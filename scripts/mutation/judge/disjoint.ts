import type { Mutant } from "../mutants/mutant.ts";

/**
 * Sorts mutants into groups that can be made together: no two of one group replace the same thing.
 *
 * @param mutants - any mutants
 * @returns as few groups as the most mutated thing has mutants
 */
export function disjointGroups(mutants: readonly Mutant[]): Mutant[][] {
  const groups: Mutant[][] = [];
  const taken: Set<string>[] = [];
  for (const mutant of mutants) {
    const { replaces } = mutant;
    const place = replaces === null ? 0 : taken.findIndex((names) => !names.has(replaces));
    const at = place === -1 ? groups.length : place;
    (groups[at] ??= []).push(mutant);
    (taken[at] ??= new Set()).add(replaces ?? "");
  }
  return groups;
}
