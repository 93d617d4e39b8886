import type { Mutant } from "../mutants/mutant.ts";

/** What was found out about some mutants made together. */
export type Finding = "nothing" | "noticed" | "stillborn";

interface Task {
  readonly mutants: readonly Mutant[];
  /** Searched without asking when this group turns out clean: then the other half must hold what was noticed. */
  readonly other: Task | null;
}

/** Groups to try, one after the other; answer() says what became of the last one. */
export interface GroupSearch extends Iterable<readonly Mutant[]> {
  answer(finding: Finding): void;
}

/**
 * Finds the mutants that a test notices among many that it mostly does not: all are made together, and
 * only a group that is noticed is halved, down to single mutants.
 *
 * @param mutants - mutants that can be made together
 * @param onFinding - told what was found about each mutant, once
 * @returns the groups to try
 */
export function searchGroups(
  mutants: readonly Mutant[], onFinding: (mutant: Mutant, finding: Finding) => void,
): GroupSearch {
  const tasks: Task[] = mutants.length === 0 ? [] : [{ mutants, other: null }];
  let asked: Task | undefined;
  const halve = (task: Task): void => {
    const middle = Math.ceil(task.mutants.length / 2);
    const second = { mutants: task.mutants.slice(middle), other: null };
    tasks.push(second, { mutants: task.mutants.slice(0, middle), other: second });
  };
  return {
    *[Symbol.iterator]() {
      for (asked = tasks.pop(); asked !== undefined; asked = tasks.pop()) yield asked.mutants;
    },
    answer: (finding) => {
      if (asked === undefined) return;
      if (finding === "nothing" || asked.mutants.length === 1) for (const mutant of asked.mutants) onFinding(mutant, finding);
      else halve(asked);
      // A single mutant is always asked about itself.
      if (finding === "nothing" && asked.other !== null && asked.other.mutants.length > 1) {
        tasks.splice(tasks.indexOf(asked.other), 1);
        halve(asked.other);
      }
    },
  };
}
